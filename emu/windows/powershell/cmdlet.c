/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cmdlets by name and alias; Get-Command, which finds them so. By about_Aliases and "Approved Verbs for PowerShell Commands". */
#include "emu/windows/powershell/session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct { const char *alias, *name; } aliases[] = {
	{ "%", "ForEach-Object" }, { "foreach", "ForEach-Object" }, { "?", "Where-Object" }, { "where", "Where-Object" },
	{ "select", "Select-Object" }, { "sort", "Sort-Object" }, { "measure", "Measure-Object" }, { "iex", "Invoke-Expression" },
	{ "iwr", "Invoke-WebRequest" }, { "wget", "Invoke-WebRequest" }, { "curl", "Invoke-WebRequest" }, { "irm", "Invoke-RestMethod" },
	{ "echo", "Write-Output" }, { "write", "Write-Output" }, { "gc", "Get-Content" }, { "cat", "Get-Content" }, { "type", "Get-Content" },
	{ "sc", "Set-Content" }, { "ac", "Add-Content" }, { "gci", "Get-ChildItem" }, { "ls", "Get-ChildItem" }, { "dir", "Get-ChildItem" },
	{ "gi", "Get-Item" }, { "si", "Set-Item" }, { "ni", "New-Item" }, { "rm", "Remove-Item" }, { "del", "Remove-Item" },
	{ "erase", "Remove-Item" }, { "ri", "Remove-Item" }, { "rd", "Remove-Item" }, { "rmdir", "Remove-Item" }, { "cp", "Copy-Item" },
	{ "copy", "Copy-Item" }, { "cpi", "Copy-Item" }, { "mv", "Move-Item" }, { "move", "Move-Item" }, { "mi", "Move-Item" },
	{ "ren", "Rename-Item" }, { "cd", "Set-Location" }, { "sl", "Set-Location" }, { "chdir", "Set-Location" }, { "pwd", "Get-Location" },
	{ "gl", "Get-Location" }, { "sleep", "Start-Sleep" }, { "saps", "Start-Process" }, { "start", "Start-Process" }, { "gv", "Get-Variable" },
	{ "sv", "Set-Variable" }, { "set", "Set-Variable" }, { "nv", "New-Variable" }, { "gcm", "Get-Command" }, { "gal", "Get-Alias" },
	{ "sal", "Set-Alias" }, { "nal", "New-Alias" }, { "gm", "Get-Member" }, { "gps", "Get-Process" }, { "ps", "Get-Process" },
	{ "kill", "Stop-Process" }, { "gsv", "Get-Service" }, { "gwmi", "Get-WmiObject" }, { "gcim", "Get-CimInstance" }, { "iwmi", "Invoke-WmiMethod" },
	{ "icm", "Invoke-Command" }, { "ii", "Invoke-Item" }, { "gp", "Get-ItemProperty" }, { "sp", "Set-ItemProperty" }, { "sajb", "Start-Job" },
	{ "rp", "Remove-ItemProperty" }, { "ft", "Format-Table" }, { "fl", "Format-List" }, { "oh", "Out-Host" }, { "tee", "Tee-Object" },
	{ "sls", "Select-String" }, { "group", "Group-Object" }, { "compare", "Compare-Object" }, { "md", "mkdir" }, { "ipmo", "Import-Module" },
	{ "clear", "Clear-Host" }, { "cls", "Clear-Host" }, { "h", "Get-History" }, { "history", "Get-History" }, { "clc", "Clear-Content" },
	{ "rv", "Remove-Variable" }, { "gdr", "Get-PSDrive" }, { "epcsv", "Export-Csv" }, { "ipcsv", "Import-Csv" }, { "spps", "Stop-Process" },
	{ "nsn", "New-PSSession" }, { "etsn", "Enter-PSSession" },
};

static const struct cmdlet *find_in(const struct cmdlet *list, const char *name)
{
	for (; list->name != NULL; list++)
		if (same_name(list->name, name))
			return list;
	return NULL;
}

const struct cmdlet *cmdlet_find(struct session *s, const char *name, const char **whole)
{
	static const struct cmdlet *const all[] = { cmdlets_objects, cmdlets_files, cmdlets_system };
	char *slash = strrchr(name, '\\');

	/* Module\Name */
	if (slash != NULL && strchr(name, ':') == NULL && strchr(slash, '-') != NULL && strncasecmp(name, "Microsoft.", 10) == 0)
		name = slash + 1;
	for (size_t i = 0; i < COUNT_OF(aliases); i++)
		if (same_name(aliases[i].alias, name))
			*whole = name = aliases[i].name;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		const struct cmdlet *c = find_in(all[i], name);

		if (c == NULL)
			c = find_in(all[i], heap_print(s->host->heap, "Get-%.100s", name)); /* a noun alone gets it */
		if (c != NULL)
			return c;
	}
	return NULL;
}

bool cmdlet_is_approved(const char *name)
{
	static const char *const verbs[] = {
		"Add", "Clear", "Close", "Compare", "Complete", "Compress", "Connect", "Convert", "ConvertFrom", "ConvertTo", "Copy", "Debug",
		"Disable", "Disconnect", "Enable", "Enter", "Exit", "Expand", "Export", "Find", "Format", "Get", "Grant", "Group", "Import",
		"Initialize", "Install", "Invoke", "Join", "Limit", "Measure", "Merge", "Mount", "Move", "New", "Open", "Out", "Pop", "Protect",
		"Publish", "Push", "Read", "Receive", "Register", "Remove", "Rename", "Repair", "Reset", "Resolve", "Restart", "Restore", "Resume",
		"Revoke", "Save", "Search", "Select", "Send", "Set", "Show", "Sort", "Split", "Start", "Step", "Stop", "Suspend", "Switch", "Tee",
		"Test", "Trace", "Unblock", "Undo", "Uninstall", "Unregister", "Update", "Use", "Wait", "Write",
	};
	const char *dash = strchr(name, '-');

	for (size_t i = 0; dash != NULL && dash[1] != 0 && i < COUNT_OF(verbs); i++)
		if (strlen(verbs[i]) == (size_t)(dash - name) && strncasecmp(verbs[i], name, (size_t)(dash - name)) == 0)
			return strpbrk(name, ".\\/:") == NULL;
	return false;
}

/* Get-Command and Get-Alias: an object with the name that a call operator can take. */
void cmdlet_get_command(struct session *s, struct arguments *a)
{
	static const struct cmdlet *const all[] = { cmdlets_objects, cmdlets_files, cmdlets_system };
	const struct value *name = argument(a, "Name", 0);
	const struct string *pattern = name != NULL ? value_string(s, name) : string_text(s->host->heap, "*");
	bool any = false;

	for (size_t i = 0; i < COUNT_OF(all) && !any; i++)
		for (const struct cmdlet *c = all[i]; c->name != NULL && session_goes_on(s); c++) {
			struct value made;

			if (!operator_like(string_text(s->host->heap, c->name), pattern, true))
				continue;
			made = object_custom(s);
			table_write(made.object->properties, "Name", v_text(s->host->heap, c->name));
			table_write(made.object->properties, "Value", v_text(s->host->heap, c->name));
			session_emit_one(s, made);
			any = true;
			/* which others a pattern fits as well, is not known here */
			break;
		}
	for (size_t i = 0; i < COUNT_OF(aliases) && !any; i++)
		if (operator_like(string_text(s->host->heap, aliases[i].alias), pattern, true)) {
			struct value made = object_custom(s);

			table_write(made.object->properties, "Name", v_text(s->host->heap, aliases[i].alias));
			table_write(made.object->properties, "Definition", v_text(s->host->heap, aliases[i].name));
			session_emit_one(s, made);
			any = true;
		}
	if (!any)
		(void)host_unknown(s->host, "powershell: Get-Command");
}
