/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that leave nothing behind on the wire or the disk: windows, clipboards, snapshots of what runs. Each gives
 * one value, which is what a success gives where there is one, and that it was called shows as an open question.
 */
#include "emu/windows/api/api.h"

static uint64_t message_box(struct windows *w, const uint64_t *a)
{
	return 1; /* somebody clicks */
}

static uint64_t snapshot(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;

	return win_object_new(w, WIN_SNAPSHOT, &handle) != NULL ? handle : WIN_FAILED;
}

/* PROCESSENTRY32: of the programs that run, one is told: a name that injecting code looks for is the victim's to know. */
static uint64_t process_first(struct windows *w, const uint64_t *a)
{
	uint64_t at = a[1];
	struct win_object *o = win_object(w, a[0], WIN_SNAPSHOT);

	if (o == NULL)
		return 0;
	o->at = 1;
	return win_put(w, at + 8, w->process_id, 4) &&
	    win_put_text(w, at + (w->wide ? 44 : 36), w->function->wide, w->modules[0].name, 260) != 0;
}

static const struct win_function kernel[] = {
	{ "CreateToolhelp32Snapshot", 2, snapshot }, { "Process32First", 2, process_first },
	{ "Process32FirstW", 2, process_first, .wide = true }, { "Process32Next", 2, NULL }, { "Process32NextW", 2, NULL },
	{ "Thread32First", 2, NULL }, { "Thread32Next", 2, NULL }, { "Module32First", 2, NULL }, { "Module32Next", 2, NULL },
	{ "FindResourceA", 3, NULL }, { "FindResourceW", 3, NULL }, { "LoadResource", 2, NULL }, { "LockResource", 1, NULL },
	{ "SizeofResource", 2, NULL }, { "GlobalAddAtomA", 1, NULL, 0xc001 }, { "GlobalGetAtomNameA", 3, NULL }, { "AddAtomA", 1, NULL },
	{ "GetProfileStringA", 5, NULL }, { "WritePrivateProfileStringA", 4, NULL, 1 }, { "GetPrivateProfileStringA", 6, NULL },
	{ "CompareStringA", 6, NULL, 2 }, { "GetLocaleInfoA", 4, NULL }, { "GetUserGeoID", 1, NULL, 244 }, { "MulDiv", 3, NULL },
	{ "GetProcessAffinityMask", 3, NULL }, { "GetProcessTimes", 5, NULL }, { "GetThreadLocale", 0, NULL, 0x409 },
	{ "GetConsoleMode", 2, NULL }, { "SetConsoleMode", 2, NULL, 1 }, { "SetConsoleTitleA", 1, NULL, 1 }, { "GetConsoleTitleA", 2, NULL },
	{ "ReadConsoleA", 5, NULL }, { "GetHandleInformation", 2, NULL, 1 }, { "CreateMailslotA", 4, NULL }, { "GetLogicalProcessorInformation", 2, NULL },
	{ "SetProcessDEPPolicy", 1, NULL, 1 }, { "SetProcessWorkingSetSize", 3, NULL, 1 }, { "GetFileInformationByHandle", 2, NULL },
	{ "ReplaceFileA", 6, NULL }, { "EncodePointer", 1, NULL }, { "DecodePointer", 1, NULL }, { "QueryDosDeviceA", 3, NULL },
	{ "DefineDosDeviceA", 3, NULL }, { "GetCompressedFileSizeA", 2, NULL }, { "BackupRead", 7, NULL }, { "WaitForDebugEvent", 2, NULL },
	{ "DebugActiveProcess", 1, NULL }, { "ContinueDebugEvent", 3, NULL }, { "CreateIoCompletionPort", 4, NULL, 0x38 },
	{ "GetQueuedCompletionStatus", 5, NULL }, { "PostQueuedCompletionStatus", 4, NULL, 1 }, { "GetOverlappedResult", 4, NULL, 1 },
	{ "CancelIo", 1, NULL, 1 }, { "ReadDirectoryChangesW", 8, NULL }, { "FindFirstChangeNotificationA", 3, NULL },
	{ "Wow64DisableWow64FsRedirection", 1, NULL, 1, .since = 52 }, { "Wow64RevertWow64FsRedirection", 1, NULL, 1, .since = 52 },
	{ "IsValidCodePage", 1, NULL, 1 }, { "GetCPInfo", 2, NULL, 1 }, { "GetStringTypeA", 5, NULL, 1 }, { "LCMapStringA", 6, NULL },
	{ "RtlUnwind", 4, NULL },
};
const struct win_table api_plain_kernel = { kernel, COUNT_OF(kernel) };

static const struct win_function nt[] = {
	{ "NtCreateFile", 11, NULL, 0xc0000034, .number = 0x56 }, { "NtOpenFile", 6, NULL, 0xc0000034, .number = 0x34 },
	{ "NtReadFile", 9, NULL, 0xc0000008, .number = 7 }, { "NtWriteFile", 9, NULL, 0xc0000008, .number = 9 },
	{ "NtDeviceIoControlFile", 10, NULL, 0xc0000008, .number = 8 }, { "NtQueryInformationFile", 5, NULL, 0xc0000008 },
	{ "NtOpenKey", 3, NULL, 0xc0000034 }, { "NtQueryValueKey", 6, NULL, 0xc0000034 }, { "NtSetValueKey", 6, NULL },
	{ "NtCreateKey", 7, NULL, 0xc0000034 }, { "NtOpenProcessToken", 3, NULL }, { "NtAdjustPrivilegesToken", 6, NULL },
	{ "NtQueryInformationThread", 5, NULL }, { "NtDuplicateObject", 7, NULL }, { "NtOpenSection", 3, NULL, 0xc0000034 },
	{ "NtAccessCheckAndAuditAlarm", 11, NULL, 0xc000000d }, { "NtQueryObject", 5, NULL, 0xc0000003 }, { "NtShutdownSystem", 1, NULL },
	{ "RtlGetCurrentPeb", 0, NULL, WIN_PEB }, { "RtlNtStatusToDosError", 1, NULL, 317 }, { "RtlDecompressBuffer", 6, NULL, 0xc0000242 },
	{ "RtlRandom", 1, NULL, 1804289383 }, { "RtlCompareUnicodeString", 3, NULL }, { "RtlFreeUnicodeString", 1, NULL },
	{ "RtlImageNtHeader", 1, NULL }, { "RtlDosPathNameToNtPathName_U", 4, NULL }, { "RtlCreateProcessParametersEx", 11, NULL, .since = 60 },
	{ "RtlQueueWorkItem", 3, NULL }, { "RtlTimeToSecondsSince1970", 2, NULL, 1 }, { "EtwEventWrite", 5, NULL, .since = 60 },
	{ "RtlIpv4StringToAddressA", 4, NULL }, { "TpAllocWork", 4, NULL, .since = 60 }, { "TpPostWork", 1, NULL, .since = 60 },
	{ "TpReleaseWork", 1, NULL, .since = 60 },
};
const struct win_table api_plain_nt = { nt, COUNT_OF(nt) };

static const struct win_function user[] = {
	{ "MessageBoxA", 4, message_box }, { "MessageBoxW", 4, message_box }, { "MessageBoxExA", 5, message_box },
	{ "MessageBoxTimeoutA", 6, message_box }, { "MessageBeep", 1, message_box }, { "FindWindowA", 2, NULL }, { "FindWindowW", 2, NULL },
	{ "FindWindowExA", 4, NULL }, { "GetForegroundWindow", 0, NULL, 0x10050 }, { "GetDesktopWindow", 0, NULL, 0x10010 },
	{ "GetShellWindow", 0, NULL }, { "ShowWindow", 2, NULL, 1 }, { "GetWindowTextA", 3, NULL }, { "GetWindowThreadProcessId", 2, NULL, 4 },
	{ "SendMessageA", 4, NULL }, { "SendMessageW", 4, NULL }, { "PostMessageA", 4, NULL, 1 }, { "PostThreadMessageA", 4, NULL, 1 },
	{ "GetMessageA", 4, NULL }, { "PeekMessageA", 5, NULL }, { "DispatchMessageA", 1, NULL }, { "TranslateMessage", 1, NULL },
	{ "SetWindowsHookExA", 4, NULL, 0x10070 }, { "UnhookWindowsHookEx", 1, NULL, 1 }, { "CallNextHookEx", 4, NULL },
	{ "GetAsyncKeyState", 1, NULL }, { "GetKeyState", 1, NULL }, { "GetKeyboardState", 1, NULL, 1 }, { "keybd_event", 4, NULL },
	{ "mouse_event", 5, NULL }, { "SetCursorPos", 2, NULL, 1 }, { "GetCursorPos", 1, NULL, 1 }, { "GetSystemMetrics", 1, NULL },
	{ "SwapMouseButton", 1, NULL }, { "LockWorkStation", 0, NULL, 1 }, { "ExitWindowsEx", 2, NULL, 1 }, { "OpenClipboard", 1, NULL, 1 },
	{ "CloseClipboard", 0, NULL, 1 }, { "GetClipboardData", 1, NULL }, { "SetClipboardData", 2, NULL }, { "EmptyClipboard", 0, NULL, 1 },
	{ "OpenDesktopA", 4, NULL, 0x40 }, { "SetThreadDesktop", 1, NULL, 1 }, { "OpenWindowStationA", 3, NULL, 0x44 },
	{ "SetProcessWindowStation", 1, NULL, 1 }, { "OpenInputDesktop", 3, NULL, 0x48 }, { "CreateWindowExA", 12, NULL },
	{ "DefWindowProcA", 4, NULL }, { "RegisterClassA", 1, NULL }, { "LoadCursorA", 2, NULL }, { "LoadIconA", 2, NULL }, { "GetDC", 1, NULL },
	{ "ReleaseDC", 2, NULL, 1 }, { "BlockInput", 1, NULL, 1 }, { "SystemParametersInfoA", 4, NULL, 1 }, { "ActivateKeyboardLayout", 2, NULL },
	{ "CharUpperA", 1, NULL }, { "CharLowerA", 1, NULL }, { "GetLastInputInfo", 1, NULL, 1 }, { "WaitForInputIdle", 2, NULL },
};
const struct win_table api_plain_user = { user, COUNT_OF(user) };

static const struct win_function other[] = {
	{ "CoInitialize", 1, NULL }, { "CoInitializeEx", 2, NULL }, { "CoCreateInstance", 5, NULL, 0x80040154 }, { "CoUninitialize", 0, NULL },
	{ "CoTaskMemFree", 1, NULL }, { "CLSIDFromProgID", 2, NULL, 0x800401f3 }, { "CoInitializeSecurity", 9, NULL }, { "OleInitialize", 1, NULL },
};
const struct win_table api_plain_ole = { other, COUNT_OF(other) };

static const struct win_function users[] = {
	{ "NetUserAdd", 4, NULL }, { "NetLocalGroupAddMembers", 5, NULL }, { "NetUserDel", 2, NULL }, { "NetApiBufferFree", 1, NULL },
	{ "NetShareEnum", 7, NULL, 53 }, { "NetUserEnum", 8, NULL, 53 }, { "NetScheduleJobAdd", 3, NULL },
};
const struct win_table api_plain_net = { users, COUNT_OF(users) };

static const struct win_function interfaces[] = {
	{ "GetAdaptersInfo", 2, NULL, 232 }, { "GetIpAddrTable", 3, NULL, 232 }, { "GetTcpTable", 3, NULL, 232 },
	{ "IcmpCreateFile", 0, NULL, 0x4c }, { "IcmpSendEcho", 8, NULL, 1 }, { "SendARP", 4, NULL, 31 }, { "GetBestInterface", 2, NULL },
};
const struct win_table api_plain_interfaces = { interfaces, COUNT_OF(interfaces) };

static const struct win_function connections[] = {
	{ "WNetAddConnection2A", 4, NULL, 53 }, { "WNetCancelConnection2A", 3, NULL }, { "WNetOpenEnumA", 5, NULL, 53 },
};
const struct win_table api_plain_mpr = { connections, COUNT_OF(connections) };
