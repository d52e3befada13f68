/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services, tokens and accounts: what is asked for is told; it is granted. */
#include "emu/windows/api/api.h"

#include <stdlib.h>
#include <string.h>

static uint64_t open_manager(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;

	return win_object_new(w, WIN_MANAGER, &handle) != NULL ? handle : 0;
}

static uint64_t service(struct windows *w, const char *name)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_SERVICE, &handle);

	if (o == NULL)
		return 0;
	o->text = strdup(name);
	return handle;
}

/* What is done with it stands in the event's name. */
static void tell(struct windows *w, const char *done, const char *name, const char *program)
{
	struct event *e = world_event(w->world, EVENT_SERVICE);

	if (e == NULL)
		return;
	e->name = world_keep_text(w->world, done);
	e->path = world_keep_text(w->world, name);
	e->data = world_keep_text(w->world, program);
}

/* CreateService(manager, name, shown, access, type, start, errors, program, …) */
static uint64_t create_service(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX], program[WIN_TEXT_MAX];

	if (!api_text_of(w, a[1], name))
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	(void)api_text_of(w, a[7], program);
	tell(w, "create", name, program);
	return service(w, name);
}

static uint64_t open_service(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];

	if (!api_text_of(w, a[1], name))
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	return service(w, name);
}

static uint64_t act(struct windows *w, uint64_t handle, const char *done)
{
	struct win_object *o = win_object(w, handle, WIN_SERVICE);

	if (o == NULL || o->text == NULL)
		return win_error(w, WIN_ERROR_HANDLE, 0);
	tell(w, done, o->text, "");
	return 1;
}

static uint64_t start_service(struct windows *w, const uint64_t *a)
{
	return act(w, a[0], "start");
}

static uint64_t control_service(struct windows *w, const uint64_t *a)
{
	return act(w, a[0], (uint32_t)a[1] == 1 ? "stop" : "control");
}

static uint64_t delete_service(struct windows *w, const uint64_t *a)
{
	return act(w, a[0], "delete");
}

static uint64_t close_service(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_FREE);

	if (o != NULL && (o->kind == WIN_SERVICE || o->kind == WIN_MANAGER))
		win_object_free(w, o);
	return 1;
}

static uint64_t open_token(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;

	return win_object_new(w, WIN_TOKEN, &handle) != NULL && win_put_word(w, a[w->function->args - 1], handle);
}

/* CryptGenRandom(provider, len, to), SystemFunction036(to, len) */
static bool random_bytes(struct windows *w, uint64_t at, uint64_t len)
{
	uint8_t raw[4096];

	len = len < sizeof(raw) ? len : sizeof(raw);
	world_random_bytes(w->world, raw, len);
	(void)record_ask(w->world->record, QUESTION_RANDOM, "", true);
	return win_write(w, at, raw, len) == 0;
}

static uint64_t crypt_random(struct windows *w, const uint64_t *a)
{
	return random_bytes(w, a[2], (uint32_t)a[1]);
}

static uint64_t system_random(struct windows *w, const uint64_t *a)
{
	return random_bytes(w, a[0], (uint32_t)a[1]);
}

static uint64_t acquire(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;

	return win_object_new(w, WIN_PROVIDER, &handle) != NULL && win_put_word(w, a[0], handle);
}

static const struct win_function rows[] = {
	{ "OpenSCManagerA", 3, .run = open_manager }, { "OpenSCManagerW", 3, .run = open_manager },
	{ "CreateServiceA", 13, .run = create_service }, { "CreateServiceW", 13, .run = create_service, .wide = true },
	{ "OpenServiceA", 3, .run = open_service }, { "OpenServiceW", 3, .run = open_service, .wide = true },
	{ "StartServiceA", 3, .run = start_service }, { "StartServiceW", 3, .run = start_service },
	{ "ControlService", 3, .run = control_service }, { "DeleteService", 1, .run = delete_service },
	{ "CloseServiceHandle", 1, .run = close_service }, { "QueryServiceStatus", 2, .value = 1 },
	{ "ChangeServiceConfig2A", 3, .value = 1 }, { "ChangeServiceConfig2W", 3, .value = 1 },
	{ "StartServiceCtrlDispatcherA", 1, .value = 1 }, { "StartServiceCtrlDispatcherW", 1, .value = 1 },
	{ "RegisterServiceCtrlHandlerA", 2, .value = 1 }, { "RegisterServiceCtrlHandlerExA", 3, .value = 1 },
	{ "SetServiceStatus", 2, .value = 1 }, { "OpenProcessToken", 3, .run = open_token },
	{ "OpenThreadToken", 4, .run = open_token }, { "LookupPrivilegeValueA", 3, .value = 1 },
	{ "LookupPrivilegeValueW", 3, .value = 1 }, { "AdjustTokenPrivileges", 6, .value = 1 },
	{ "DuplicateTokenEx", 6, .run = open_token }, { "ImpersonateLoggedOnUser", 1, .value = 1 },
	{ "ImpersonateNamedPipeClient", 1, .value = 1 }, { "RevertToSelf", 0, .value = 1 },
	{ "LogonUserA", 6, .run = open_token }, { "LogonUserW", 6, .run = open_token },
	{ "GetTokenInformation", .args = 5 }, { "SetTokenInformation", 4, .value = 1 },
	{ "AllocateAndInitializeSid", 11, .value = 1 }, { "CheckTokenMembership", 3, .value = 1 },
	{ "FreeSid", .args = 1 }, { "InitializeSecurityDescriptor", 2, .value = 1 },
	{ "SetSecurityDescriptorDacl", 4, .value = 1 }, { "CryptAcquireContextA", 5, .run = acquire },
	{ "CryptAcquireContextW", 5, .run = acquire }, { "CryptReleaseContext", 2, .value = 1 },
	{ "CryptGenRandom", 3, .run = crypt_random }, { "SystemFunction036", 2, .run = system_random },
	{ "CryptCreateHash", .args = 5 }, { "CryptHashData", .args = 4 }, { "CryptDeriveKey", .args = 5 },
	{ "CryptEncrypt", .args = 7 }, { "CryptDecrypt", .args = 6 }, { "CryptImportKey", .args = 6 },
	{ "CryptDestroyKey", 1, .value = 1 }, { "CryptDestroyHash", 1, .value = 1 }, { "CryptGetHashParam", .args = 5 },
	{ "CryptSetKeyParam", 4, .value = 1 }, { "ClearEventLogA", 2, .value = 1 }, { "OpenEventLogA", .args = 2 },
	{ "SystemFunction032", .args = 2 }, { "InitiateSystemShutdownA", .args = 5 },
};
const struct win_table api_service = { rows, COUNT_OF(rows) };
