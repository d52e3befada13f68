/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that call one of the guest's: attack code uses them to run something without a thread. */
#include "emu/windows/api/api.h"

/*
 * value: which argument is the function, from 1. It is called once, with the arguments that follow it, as if one thing
 * had been found.
 */
static uint64_t call_back(struct windows *w, const uint64_t *a)
{
	unsigned which = (unsigned)w->function->value;
	uint64_t args[4] = { 0 };

	for (unsigned i = 0; i < 4 && which + i < WIN_ARGUMENTS_MAX && (int)(which + i) < w->function->args; i++)
		args[i + 1 < 4 ? i + 1 : 3] = a[which + i];
	if (which == 0 || a[which - 1] < WINDOW_FIXED)
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	win_call_back(w, a[which - 1], w->wide ? 4 : 2, args);
	return 0;
}

static const struct win_function rows[] = {
	{ "EnumSystemLocalesA", 2, .run = call_back, .value = 1 },
	{ "EnumSystemLocalesW", 2, .run = call_back, .value = 1 },
	{ "EnumSystemLocalesEx", 4, .run = call_back, .value = 1, .since = 60 },
	{ "EnumUILanguagesA", 3, .run = call_back, .value = 1 },
	{ "EnumUILanguagesW", 3, .run = call_back, .value = 1 },
	{ "EnumDateFormatsA", 3, .run = call_back, .value = 1 },
	{ "EnumDateFormatsW", 3, .run = call_back, .value = 1 },
	{ "EnumTimeFormatsA", 3, .run = call_back, .value = 1 },
	{ "EnumTimeFormatsW", 3, .run = call_back, .value = 1 },
	{ "EnumCalendarInfoA", 4, .run = call_back, .value = 1 },
	{ "EnumCalendarInfoW", 4, .run = call_back, .value = 1 },
	{ "EnumSystemCodePagesA", 2, .run = call_back, .value = 1 },
	{ "EnumSystemCodePagesW", 2, .run = call_back, .value = 1 },
	{ "EnumSystemLanguageGroupsA", 3, .run = call_back, .value = 1 },
	{ "EnumSystemLanguageGroupsW", 3, .run = call_back, .value = 1 },
	{ "EnumLanguageGroupLocalesA", 4, .run = call_back, .value = 1 },
	{ "EnumLanguageGroupLocalesW", 4, .run = call_back, .value = 1 },
	{ "EnumResourceTypesA", 3, .run = call_back, .value = 2 },
	{ "EnumResourceTypesW", 3, .run = call_back, .value = 2 },
	{ "EnumSystemGeoID", 3, .run = call_back, .value = 3 },
	{ "InitOnceExecuteOnce", 4, .run = call_back, .value = 2, .since = 60 },
};
const struct win_table api_callback = { rows, COUNT_OF(rows) };

static const struct win_function rows_user[] = {
	{ "EnumWindows", 2, .run = call_back, .value = 1 }, { "EnumChildWindows", 3, .run = call_back, .value = 2 },
	{ "EnumDesktopWindows", 3, .run = call_back, .value = 2 },
	{ "EnumThreadWindows", 3, .run = call_back, .value = 2 }, { "EnumDesktopsA", 3, .run = call_back, .value = 2 },
	{ "EnumDesktopsW", 3, .run = call_back, .value = 2 },
	{ "EnumWindowStationsA", 2, .run = call_back, .value = 1 },
	{ "EnumWindowStationsW", 2, .run = call_back, .value = 1 },
	{ "EnumDisplayMonitors", 4, .run = call_back, .value = 3 }, { "EnumPropsA", 2, .run = call_back, .value = 2 },
	{ "EnumPropsExA", 3, .run = call_back, .value = 2 }, { "CallWindowProcA", 5, .run = call_back, .value = 1 },
	{ "CallWindowProcW", 5, .run = call_back, .value = 1 }, { "GrayStringA", 9, .run = call_back, .value = 3 },
	{ "GrayStringW", 9, .run = call_back, .value = 3 }, { "SetTimer", 4, .run = call_back, .value = 4 },
};
const struct win_table api_callback_user = { rows_user, COUNT_OF(rows_user) };

static const struct win_function rows_other[] = {
	{ "EnumFontsA", 4, .run = call_back, .value = 3 }, { "EnumFontsW", 4, .run = call_back, .value = 3 },
	{ "EnumFontFamiliesA", 4, .run = call_back, .value = 3 },
	{ "EnumFontFamiliesW", 4, .run = call_back, .value = 3 },
	{ "EnumFontFamiliesExA", 5, .run = call_back, .value = 3 },
	{ "EnumFontFamiliesExW", 5, .run = call_back, .value = 3 }, { "EnumObjects", 4, .run = call_back, .value = 3 },
	{ "LineDDA", 6, .run = call_back, .value = 5 }, { "EnumEnhMetaFile", 5, .run = call_back, .value = 3 },
};
const struct win_table api_callback_other = { rows_other, COUNT_OF(rows_other) };

static const struct win_function rows_crypt[] = {
	{ "CertEnumSystemStore", 4, .run = call_back, .value = 4 },
	{ "CertEnumSystemStoreLocation", 3, .run = call_back, .value = 3 },
	{ "CryptEnumOIDInfo", 4, .run = call_back, .value = 4 }, { "CryptStringToBinaryA", .args = 7 },
	{ "CryptBinaryToStringA", .args = 5 },
};
const struct win_table api_crypt32 = { rows_crypt, COUNT_OF(rows_crypt) };

static const struct win_function rows_help[] = {
	{ "EnumDirTreeW", 6, .run = call_back, .value = 5 },
	{ "EnumerateLoadedModules", 3, .run = call_back, .value = 2 },
	{ "SymEnumProcesses", 2, .run = call_back, .value = 1 }, { "MiniDumpWriteDump", .args = 7 },
};
const struct win_table api_dbghelp = { rows_help, COUNT_OF(rows_help) };

static const struct win_function rows_ps[] = {
	{ "EnumPageFilesA", 2, .run = call_back, .value = 1 }, { "EnumPageFilesW", 2, .run = call_back, .value = 1 },
	{ "EnumProcesses", .args = 3 }, { "GetModuleFileNameExA", .args = 4 }, { "GetModuleInformation", .args = 4 },
};
const struct win_table api_psapi = { rows_ps, COUNT_OF(rows_ps) };
