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
	{ "BaseThreadInitThunk", .args = 1, .ordinal = 1, .since = 60 },
	{ "InterlockedPushListSList", .args = 4, .ordinal = 2, .since = 60 },
	{ "CreateToolhelp32Snapshot", 2, .run = snapshot }, { "Process32First", 2, .run = process_first },
	{ "Process32FirstW", 2, .run = process_first, .wide = true }, { "Process32Next", .args = 2 },
	{ "Process32NextW", .args = 2 }, { "Thread32First", .args = 2 }, { "Thread32Next", .args = 2 },
	{ "Module32First", .args = 2 }, { "Module32Next", .args = 2 }, { "FindResourceA", .args = 3 },
	{ "FindResourceW", .args = 3 }, { "LoadResource", .args = 2 }, { "LockResource", .args = 1 },
	{ "SizeofResource", .args = 2 }, { "GlobalAddAtomA", 1, .value = 0xc001 }, { "GlobalGetAtomNameA", .args = 3 },
	{ "AddAtomA", .args = 1 }, { "GetProfileStringA", .args = 5 }, { "WritePrivateProfileStringA", 4, .value = 1 },
	{ "GetPrivateProfileStringA", .args = 6 }, { "CompareStringA", 6, .value = 2 }, { "GetLocaleInfoA", .args = 4 },
	{ "GetUserGeoID", 1, .value = 244 }, { "MulDiv", .args = 3 }, { "GetProcessAffinityMask", .args = 3 },
	{ "GetProcessTimes", .args = 5 }, { "GetThreadLocale", 0, .value = 0x409 }, { "GetConsoleMode", .args = 2 },
	{ "SetConsoleMode", 2, .value = 1 }, { "SetConsoleTitleA", 1, .value = 1 }, { "GetConsoleTitleA", .args = 2 },
	{ "ReadConsoleA", .args = 5 }, { "GetHandleInformation", 2, .value = 1 }, { "CreateMailslotA", .args = 4 },
	{ "GetLogicalProcessorInformation", .args = 2 }, { "SetProcessDEPPolicy", 1, .value = 1 },
	{ "SetProcessWorkingSetSize", 3, .value = 1 }, { "GetFileInformationByHandle", .args = 2 },
	{ "ReplaceFileA", .args = 6 }, { "EncodePointer", .args = 1 }, { "DecodePointer", .args = 1 },
	{ "QueryDosDeviceA", .args = 3 }, { "DefineDosDeviceA", .args = 3 }, { "GetCompressedFileSizeA", .args = 2 },
	{ "BackupRead", .args = 7 }, { "WaitForDebugEvent", .args = 2 }, { "DebugActiveProcess", .args = 1 },
	{ "ContinueDebugEvent", .args = 3 }, { "CreateIoCompletionPort", 4, .value = 0x38 },
	{ "GetQueuedCompletionStatus", .args = 5 }, { "PostQueuedCompletionStatus", 4, .value = 1 },
	{ "GetOverlappedResult", 4, .value = 1 }, { "CancelIo", 1, .value = 1 }, { "ReadDirectoryChangesW", .args = 8 },
	{ "FindFirstChangeNotificationA", .args = 3 }, { "Wow64DisableWow64FsRedirection", 1, .value = 1, .since = 52 },
	{ "Wow64RevertWow64FsRedirection", 1, .value = 1, .since = 52 }, { "IsValidCodePage", 1, .value = 1 },
	{ "GetCPInfo", 2, .value = 1 }, { "GetStringTypeA", 5, .value = 1 }, { "LCMapStringA", .args = 6 },
	{ "RtlUnwind", .args = 4 },
};
const struct win_table api_plain_kernel = { kernel, COUNT_OF(kernel) };

static const struct win_function nt[] = {
	{ "NtCreateFile", 11, .value = 0xc0000034, .number = 0x56 },
	{ "NtOpenFile", 6, .value = 0xc0000034, .number = 0x34 }, { "NtReadFile", 9, .value = 0xc0000008, .number = 7 },
	{ "NtWriteFile", 9, .value = 0xc0000008, .number = 9 },
	{ "NtDeviceIoControlFile", 10, .value = 0xc0000008, .number = 8 },
	{ "NtQueryInformationFile", 5, .value = 0xc0000008 }, { "NtOpenKey", 3, .value = 0xc0000034 },
	{ "NtQueryValueKey", 6, .value = 0xc0000034 }, { "NtSetValueKey", .args = 6 },
	{ "NtCreateKey", 7, .value = 0xc0000034 }, { "NtOpenProcessToken", .args = 3 },
	{ "NtAdjustPrivilegesToken", .args = 6 }, { "NtQueryInformationThread", .args = 5 },
	{ "NtDuplicateObject", .args = 7 }, { "NtOpenSection", 3, .value = 0xc0000034 },
	{ "NtAccessCheckAndAuditAlarm", 11, .value = 0xc000000d }, { "NtQueryObject", 5, .value = 0xc0000003 },
	{ "NtShutdownSystem", .args = 1 }, { "RtlGetCurrentPeb", 0, .value = WIN_PEB },
	{ "RtlNtStatusToDosError", 1, .value = 317 }, { "RtlDecompressBuffer", 6, .value = 0xc0000242 },
	{ "RtlRandom", 1, .value = 1804289383 }, { "RtlCompareUnicodeString", .args = 3 },
	{ "RtlFreeUnicodeString", .args = 1 }, { "RtlImageNtHeader", .args = 1 },
	{ "RtlDosPathNameToNtPathName_U", .args = 4 }, { "RtlCreateProcessParametersEx", 11, .since = 60 },
	{ "RtlQueueWorkItem", .args = 3 }, { "RtlTimeToSecondsSince1970", 2, .value = 1 },
	{ "EtwEventWrite", 5, .since = 60 }, { "RtlIpv4StringToAddressA", .args = 4 },
	{ "TpAllocWork", 4, .since = 60 }, { "TpPostWork", 1, .since = 60 }, { "TpReleaseWork", 1, .since = 60 },
};
const struct win_table api_plain_nt = { nt, COUNT_OF(nt) };

static const struct win_function user[] = {
	{ "MessageBoxA", 4, .run = message_box }, { "MessageBoxW", 4, .run = message_box },
	{ "MessageBoxExA", 5, .run = message_box }, { "MessageBoxTimeoutA", 6, .run = message_box },
	{ "MessageBeep", 1, .run = message_box }, { "FindWindowA", .args = 2 }, { "FindWindowW", .args = 2 },
	{ "FindWindowExA", .args = 4 }, { "GetForegroundWindow", 0, .value = 0x10050 },
	{ "GetDesktopWindow", 0, .value = 0x10010 }, { "GetShellWindow", .args = 0 }, { "ShowWindow", 2, .value = 1 },
	{ "GetWindowTextA", .args = 3 }, { "GetWindowThreadProcessId", 2, .value = 4 }, { "SendMessageA", .args = 4 },
	{ "SendMessageW", .args = 4 }, { "PostMessageA", 4, .value = 1 }, { "PostThreadMessageA", 4, .value = 1 },
	{ "GetMessageA", .args = 4 }, { "PeekMessageA", .args = 5 }, { "DispatchMessageA", .args = 1 },
	{ "TranslateMessage", .args = 1 }, { "SetWindowsHookExA", 4, .value = 0x10070 },
	{ "UnhookWindowsHookEx", 1, .value = 1 }, { "CallNextHookEx", .args = 4 }, { "GetAsyncKeyState", .args = 1 },
	{ "GetKeyState", .args = 1 }, { "GetKeyboardState", 1, .value = 1 }, { "keybd_event", .args = 4 },
	{ "mouse_event", .args = 5 }, { "SetCursorPos", 2, .value = 1 }, { "GetCursorPos", 1, .value = 1 },
	{ "GetSystemMetrics", .args = 1 }, { "SwapMouseButton", .args = 1 }, { "LockWorkStation", 0, .value = 1 },
	{ "ExitWindowsEx", 2, .value = 1 }, { "OpenClipboard", 1, .value = 1 }, { "CloseClipboard", 0, .value = 1 },
	{ "GetClipboardData", .args = 1 }, { "SetClipboardData", .args = 2 }, { "EmptyClipboard", 0, .value = 1 },
	{ "OpenDesktopA", 4, .value = 0x40 }, { "SetThreadDesktop", 1, .value = 1 },
	{ "OpenWindowStationA", 3, .value = 0x44 }, { "SetProcessWindowStation", 1, .value = 1 },
	{ "OpenInputDesktop", 3, .value = 0x48 }, { "CreateWindowExA", .args = 12 }, { "DefWindowProcA", .args = 4 },
	{ "RegisterClassA", .args = 1 }, { "LoadCursorA", .args = 2 }, { "LoadIconA", .args = 2 },
	{ "GetDC", .args = 1 }, { "ReleaseDC", 2, .value = 1 }, { "BlockInput", 1, .value = 1 },
	{ "SystemParametersInfoA", 4, .value = 1 }, { "ActivateKeyboardLayout", .args = 2 },
	{ "CharUpperA", .args = 1 }, { "CharLowerA", .args = 1 }, { "GetLastInputInfo", 1, .value = 1 },
	{ "WaitForInputIdle", .args = 2 },
};
const struct win_table api_plain_user = { user, COUNT_OF(user) };

static const struct win_function other[] = {
	{ "CoInitialize", .args = 1 }, { "CoInitializeEx", .args = 2 }, { "CoCreateInstance", 5, .value = 0x80040154 },
	{ "CoUninitialize", .args = 0 }, { "CoTaskMemFree", .args = 1 }, { "CLSIDFromProgID", 2, .value = 0x800401f3 },
	{ "CoInitializeSecurity", .args = 9 }, { "OleInitialize", .args = 1 },
};
const struct win_table api_plain_ole = { other, COUNT_OF(other) };

static const struct win_function users[] = {
	{ "NetUserAdd", .args = 4 }, { "NetLocalGroupAddMembers", .args = 5 }, { "NetUserDel", .args = 2 },
	{ "NetApiBufferFree", .args = 1 }, { "NetShareEnum", 7, .value = 53 }, { "NetUserEnum", 8, .value = 53 },
	{ "NetScheduleJobAdd", .args = 3 },
};
const struct win_table api_plain_net = { users, COUNT_OF(users) };

static const struct win_function interfaces[] = {
	{ "GetAdaptersInfo", 2, .value = 232 }, { "GetIpAddrTable", 3, .value = 232 },
	{ "GetTcpTable", 3, .value = 232 }, { "IcmpCreateFile", 0, .value = 0x4c }, { "IcmpSendEcho", 8, .value = 1 },
	{ "SendARP", 4, .value = 31 }, { "GetBestInterface", .args = 2 },
};
const struct win_table api_plain_interfaces = { interfaces, COUNT_OF(interfaces) };

static const struct win_function connections[] = {
	{ "WNetAddConnection2A", 4, .value = 53 }, { "WNetCancelConnection2A", .args = 3 },
	{ "WNetOpenEnumA", 5, .value = 53 },
};
const struct win_table api_plain_mpr = { connections, COUNT_OF(connections) };
