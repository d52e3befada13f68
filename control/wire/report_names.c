/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a report as people and JSON read them. */
#include "control/wire/report.h"

static const char *const events[EVENT_KIND_COUNT] = {
	[EVENT_CONNECT] = "connect", [EVENT_LISTEN] = "listen", [EVENT_ACCEPT] = "accept", [EVENT_DNS] = "dns",
	[EVENT_ICMP] = "icmp",       [EVENT_FETCH] = "fetch",   [EVENT_SEND] = "send",     [EVENT_EXEC] = "exec",
	[EVENT_OPEN] = "open",       [EVENT_WRITE] = "write",   [EVENT_DELETE] = "delete", [EVENT_SLEEP] = "sleep",
	[EVENT_RENAME] = "rename",   [EVENT_REGISTRY] = "registry", [EVENT_MUTEX] = "mutex",
	[EVENT_SERVICE] = "service", [EVENT_TASK] = "task",     [EVENT_PIPE] = "pipe",
	[EVENT_CHMOD] = "chmod",     [EVENT_MKDIR] = "mkdir",   [EVENT_LINK] = "link",     [EVENT_KILL] = "kill",
	[EVENT_MODULE] = "module",   [EVENT_PTRACE] = "ptrace", [EVENT_NAME] = "name",
};

static const char *const stops[STOPPED_COUNT] = {
	[STOPPED_EXIT] = "exit",
	[STOPPED_SIGNAL] = "signal",
	[STOPPED_BLOCKS] = "blocks",
	[STOPPED_SYSCALLS] = "syscalls",
	[STOPPED_ROUNDS] = "rounds",
	[STOPPED_COPIES] = "copies",
	[STOPPED_PROCESSES] = "processes",
	[STOPPED_MEMORY] = "memory",
	[STOPPED_OUTPUT] = "output",
	[STOPPED_FILES] = "files",
	[STOPPED_DESCRIPTORS] = "descriptors",
	[STOPPED_CONNECTS] = "connects",
	[STOPPED_TIME] = "time",
	[STOPPED_WATCHDOG] = "watchdog",
	[STOPPED_DIED] = "emulator died",
	[STOPPED_UNSUPPORTED] = "unsupported",
};

static const char *const traces[TRACE_KIND_COUNT] = {
	[TRACE_TEXT] = "text", [TRACE_SCRIPT] = "script", [TRACE_CONNECT] = "connect", [TRACE_LISTEN] = "listen",
	[TRACE_DNS] = "dns",   [TRACE_ICMP] = "icmp",     [TRACE_FETCH] = "fetch",     [TRACE_DELAY] = "delay",
	[TRACE_DATA] = "data", [TRACE_ERROR] = "error", [TRACE_TRUTH] = "truth",
};

static const char *const places[PLACE_COUNT] = {
	[PLACE_RESPONSE] = "response",
	[PLACE_LATER_RESPONSE] = "later-response",
	[PLACE_LATER_FLOW] = "later-flow",
	[PLACE_OWN_FLOW] = "own-flow",
};

const char *event_kind_name(enum event_kind k)
{
	return (unsigned)k < EVENT_KIND_COUNT ? events[k] : "?";
}

const char *stopped_by_name(enum stopped_by s)
{
	return (unsigned)s < STOPPED_COUNT ? stops[s] : "?";
}

const char *trace_kind_name(enum trace_kind k)
{
	return (unsigned)k < TRACE_KIND_COUNT ? traces[k] : "?";
}

const char *trace_place_name(enum trace_place p)
{
	return (unsigned)p < PLACE_COUNT ? places[p] : "?";
}
