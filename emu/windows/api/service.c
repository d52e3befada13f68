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
	{ "OpenSCManagerA", 3, open_manager }, { "OpenSCManagerW", 3, open_manager }, { "CreateServiceA", 13, create_service },
	{ "CreateServiceW", 13, create_service, .wide = true }, { "OpenServiceA", 3, open_service },
	{ "OpenServiceW", 3, open_service, .wide = true }, { "StartServiceA", 3, start_service }, { "StartServiceW", 3, start_service },
	{ "ControlService", 3, control_service }, { "DeleteService", 1, delete_service }, { "CloseServiceHandle", 1, close_service },
	{ "QueryServiceStatus", 2, NULL, 1 }, { "ChangeServiceConfig2A", 3, NULL, 1 }, { "ChangeServiceConfig2W", 3, NULL, 1 },
	{ "StartServiceCtrlDispatcherA", 1, NULL, 1 }, { "StartServiceCtrlDispatcherW", 1, NULL, 1 },
	{ "RegisterServiceCtrlHandlerA", 2, NULL, 1 }, { "RegisterServiceCtrlHandlerExA", 3, NULL, 1 }, { "SetServiceStatus", 2, NULL, 1 },
	{ "OpenProcessToken", 3, open_token }, { "OpenThreadToken", 4, open_token }, { "LookupPrivilegeValueA", 3, NULL, 1 },
	{ "LookupPrivilegeValueW", 3, NULL, 1 }, { "AdjustTokenPrivileges", 6, NULL, 1 }, { "DuplicateTokenEx", 6, open_token },
	{ "ImpersonateLoggedOnUser", 1, NULL, 1 }, { "ImpersonateNamedPipeClient", 1, NULL, 1 }, { "RevertToSelf", 0, NULL, 1 },
	{ "LogonUserA", 6, open_token }, { "LogonUserW", 6, open_token }, { "GetTokenInformation", 5, NULL },
	{ "SetTokenInformation", 4, NULL, 1 }, { "AllocateAndInitializeSid", 11, NULL, 1 }, { "CheckTokenMembership", 3, NULL, 1 },
	{ "FreeSid", 1, NULL }, { "InitializeSecurityDescriptor", 2, NULL, 1 }, { "SetSecurityDescriptorDacl", 4, NULL, 1 },
	{ "CryptAcquireContextA", 5, acquire }, { "CryptAcquireContextW", 5, acquire }, { "CryptReleaseContext", 2, NULL, 1 },
	{ "CryptGenRandom", 3, crypt_random }, { "SystemFunction036", 2, system_random }, { "CryptCreateHash", 5, NULL },
	{ "CryptHashData", 4, NULL }, { "CryptDeriveKey", 5, NULL }, { "CryptEncrypt", 7, NULL }, { "CryptDecrypt", 6, NULL },
	{ "CryptImportKey", 6, NULL }, { "CryptDestroyKey", 1, NULL, 1 }, { "CryptDestroyHash", 1, NULL, 1 },
	{ "CryptGetHashParam", 5, NULL }, { "CryptSetKeyParam", 4, NULL, 1 }, { "ClearEventLogA", 2, NULL, 1 },
	{ "OpenEventLogA", 2, NULL, 0 }, { "SystemFunction032", 2, NULL }, { "InitiateSystemShutdownA", 5, NULL },
};
const struct win_table api_service = { rows, COUNT_OF(rows) };
