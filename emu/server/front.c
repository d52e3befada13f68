/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request that a web server makes of php for the attacked script. */
#include "emu/server/front.h"

#include "control/wire/job.h"
#include "emu/server/php.h"
#include "emu/world/cgi.h"
#include "emu/world/fastcgi.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SCRIPT_PATH_MAX = 512 };

bool front_makes(const char *row)
{
	static const char *const begins[] = {
		"GATEWAY_INTERFACE=", "SERVER_", "REQUEST_", "QUERY_STRING=", "REMOTE_", "DOCUMENT_ROOT=", "SCRIPT_", "HTTP_",
		"CONTENT_", "PATH_INFO=", "PATH_TRANSLATED=",
	};

	for (size_t i = 0; i < COUNT_OF(begins); i++)
		if (strncmp(row, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* The script that php is asked to run becomes a file, below folders that are made if need be. */
static int put_script(struct tree *t, const char *path, struct bytes script)
{
	char part[SCRIPT_PATH_MAX];
	struct node *n;
	struct walk w;
	int r;

	for (const char *at = path; (at = strchr(at + 1, '/')) != NULL;) {
		snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
		if ((r = tree_walk(t, tree_root(t), part, &(struct identity){ 0 }, true, &w)) < 0)
			return r;
		if (w.node != NULL)
			continue;
		if ((n = node_new(t, NODE_DIR, 0755, 0, 0)) == NULL)
			return -ENOMEM;
		if ((r = node_link(t, w.dir, w.name, n, 0)) < 0)
			return r;
	}
	if ((r = tree_walk(t, tree_root(t), path, &(struct identity){ 0 }, true, &w)) < 0)
		return r;
	if ((n = w.node) == NULL) {
		if ((n = node_new(t, NODE_FILE, 0644, 0, 0)) == NULL)
			return -ENOMEM;
		if ((r = node_link(t, w.dir, w.name, n, 0)) < 0)
			return r;
	}
	if ((r = node_truncate(t, n, 0)) < 0 || (r = node_write(t, n, 0, script)) < 0)
		return r;
	n->packaged = true; /* that it is opened is no doing of the code */
	return 0;
}

static void pair(struct sink *s, const char *name, const char *value)
{
	fastcgi_pair(s, bytes_text(name), bytes_text(value));
}

/* Where the attacked script stands where no request says: its name is the victim's, so another by each seed. */
static unsigned script_name(uint64_t seed, char *to, size_t size)
{
	uint64_t h = (seed + 1) * 0x9e3779b97f4a7c15ull;
	unsigned len = 4 + (unsigned)(h >> 60) % 5, lines = (unsigned)(h >> 50) % 90;
	char name[16] = "";

	for (unsigned i = 0; i < len; i++, h = h * 6364136223846793005ull + 1442695040888963407ull)
		name[i] = (char)('a' + (h >> 33) % 26);
	snprintf(to, size, "/%s.php", name);
	return lines;
}

/* The variables of the profile, but for those that the request says. */
static void put_surroundings(const struct profile *p, const struct bytes *environment, bool with_request, struct sink *params)
{
	for (unsigned i = 0; i < p->environment_count; i++) {
		struct bytes row = environment[i];
		const uint8_t *sign = memchr(row.at, '=', row.left);
		size_t len = sign != NULL ? (size_t)(sign - row.at) : 0;

		if (sign == NULL || !front_makes(p->environment[i]))
			continue;
		if (with_request && (bytes_starts_fold(row, bytes_text("REQUEST_METHOD=")) ||
		    bytes_starts_fold(row, bytes_text("QUERY_STRING=")) || bytes_starts_fold(row, bytes_text("SERVER_PROTOCOL=")) ||
		    bytes_starts_fold(row, bytes_text("SERVER_NAME="))))
			continue;
		fastcgi_pair(params, bytes_of(row.at, len), bytes_of(sign + 1, row.left - len - 1));
	}
}

static void put_request(const struct cgi *c, struct sink *params)
{
	struct bytes rest = c->headers, value;
	char name[CGI_NAME_MAX], length[24];

	snprintf(length, sizeof(length), "%zu", c->body.left);
	fastcgi_pair(params, bytes_text("REQUEST_METHOD"), c->method);
	fastcgi_pair(params, bytes_text("QUERY_STRING"), c->query);
	fastcgi_pair(params, bytes_text("SERVER_PROTOCOL"), c->protocol);
	fastcgi_pair(params, bytes_text("REQUEST_URI"), c->target);
	if (c->host.left != 0)
		fastcgi_pair(params, bytes_text("SERVER_NAME"), c->host);
	if (c->content_type.left != 0)
		fastcgi_pair(params, bytes_text("CONTENT_TYPE"), c->content_type);
	if (c->body.left != 0)
		pair(params, "CONTENT_LENGTH", length);
	if (c->path_info[0] != 0)
		pair(params, "PATH_INFO", c->path_info);
	for (unsigned i = 0; i < CGI_HEADERS_MAX && cgi_header(&rest, name, &value); i++)
		fastcgi_pair(params, bytes_text(name), value);
}

int front_request(struct world *w, const struct bytes *environment, const struct command *c, uint8_t *room, size_t size,
    struct bytes *ret)
{
	static uint8_t params_room[JOB_REQUEST_MAX + (32 << 10)], script_room[4 * JOB_CODE_MAX + (16 << 10)];
	const struct profile *p = &w->profile;
	struct sink params = sink_over(params_room, sizeof(params_room)), script = sink_over(script_room, sizeof(script_room)),
	    all = sink_over(room, size);
	char path[SCRIPT_PATH_MAX], name[CGI_SCRIPT_MAX];
	unsigned lines = script_name(c->seed, name, sizeof(name));
	struct cgi cgi = { 0 };
	bool known = cgi_read(c->request, &cgi) == 0;
	int r;

	if (cgi.script[0] != 0)
		snprintf(name, sizeof(name), "%s", cgi.script);
	snprintf(path, sizeof(path), "%s%s", p->cwd, name);
	php_script(c->code, lines, &script);
	if (script.overflow)
		return -E2BIG;
	if ((r = put_script(w->tree, path, bytes_of(script.at, script.used))) < 0)
		return r;
	put_surroundings(p, environment, known, &params);
	pair(&params, "SCRIPT_FILENAME", path);
	pair(&params, "SCRIPT_NAME", name);
	pair(&params, "REDIRECT_STATUS", "200");
	if (known)
		put_request(&cgi, &params);
	else
		pair(&params, "REQUEST_URI", name);
	fastcgi_request(&all, bytes_of(params.at, params.used), known ? cgi.body : bytes_of("", 0));
	return params.overflow ? -E2BIG : sink_done(&all, ret);
}
