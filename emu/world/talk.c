/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What peers on streams say. Servers that speak by lines (FTP, SMTP) help a transfer along; whoever is called by a shell
 * types a harmless command, so that it is seen what the shell would send back, and leaves. That somebody types at all
 * is a question of the open world, and what is typed is another line for another seed: what comes of it is no fixed trace.
 */
#include "emu/world/network_inside.h"

#include <stdio.h>
#include <string.h>

enum { PORT_FTP = 21, PORT_SMTP = 25, PORT_SUBMISSION = 587, PORT_DNS = 53, URL_BYTES = 1024, FAR_PORT = 20000 };

static void say(struct peer *p, const char *text)
{
	peer_answer(p, bytes_text(text));
}

void talk_begin(struct peer *p)
{
	if (network_is_own(p->network, &p->address))
		return;
	p->talk = p->port == PORT_FTP ? TALK_FILES : p->port == PORT_DNS ? TALK_NAMES :
	    p->port == PORT_SMTP || p->port == PORT_SUBMISSION ? TALK_MAIL : TALK_UNKNOWN;
	if (p->talk == TALK_FILES || p->talk == TALK_MAIL)
		say(p, "220 ready\r\n");
}

/* The second connection of this server's transfer, as far as the guest has made it. */
static struct peer *data_peer(const struct peer *p)
{
	for (struct peer *d = p->network->peers; d != NULL; d = d->next)
		if (d->talk == TALK_DATA && !d->ended && address_equal(&d->address, &p->address))
			return d;
	return NULL;
}

static void tell_fetch(struct peer *p, const char *scheme, struct bytes path, char *url, size_t size)
{
	struct world *w = p->network->world;
	struct bytes name = network_name(p->network, &p->address);
	struct event *e = world_event(w, EVENT_FETCH);
	char text[ADDRESS_TEXT];

	while (path.left != 0 && *path.at == '/')
		path = bytes_of(path.at + 1, path.left - 1);
	if (name.left != 0)
		snprintf(url, size, "%s://%.*s/%.*s", scheme, (int)name.left, (const char *)name.at, (int)path.left,
		    (const char *)path.at);
	else
		snprintf(url, size, p->address.family == 6 ? "%s://[%s]/%.*s" : "%s://%s/%.*s", scheme,
		    address_format(&p->address, text), (int)path.left, (const char *)path.at);
	if (e == NULL)
		return;
	e->address = p->address;
	e->port = p->port;
	e->protocol = p->protocol;
	e->name = world_keep_text(w, url);
}

static void change_folder(struct peer *p, struct bytes path)
{
	size_t len = strlen(p->folder);

	if (path.left != 0 && *path.at == '/')
		len = 0;
	if (path.left != 0 && path.left < sizeof(p->folder) - len)
		snprintf(p->folder + len, sizeof(p->folder) - len, "%.*s/", (int)path.left, (const char *)path.at);
}

static void retrieve(struct peer *p, struct bytes path)
{
	struct peer *data = data_peer(p);
	char url[URL_BYTES], body[512], full[URL_BYTES];
	bool whole = path.left != 0 && *path.at == '/';

	snprintf(full, sizeof(full), "%s%.*s", whole ? "" : p->folder, (int)(path.left < 512 ? path.left : 512),
	    path.left != 0 ? (const char *)path.at : "");
	tell_fetch(p, "ftp", bytes_text(full), url, sizeof(url));
	http_script(p->network->world, url, body, sizeof(body));
	if (data == NULL) {
		say(p, "425 no connection\r\n");
		return;
	}
	say(p, "150 here it comes\r\n226 done\r\n");
	peer_answer(data, bytes_text(body));
	data->ended = true;
}

/* Names a port for the second connection: another for each seed. */
static void expect_data(struct peer *p, bool extended)
{
	const uint8_t *a = p->address.raw;
	uint16_t port = (uint16_t)(FAR_PORT + p->network->world->seed % WORLD_VARIETY * 1009);
	char text[64];

	p->network->data_address = p->address;
	p->network->data_port = port;
	if (extended)
		snprintf(text, sizeof(text), "229 entering (|||%u|)\r\n", port);
	else
		snprintf(text, sizeof(text), "227 entering (%u,%u,%u,%u,%u,%u)\r\n", a[0], a[1], a[2], a[3], port >> 8, port & 255);
	say(p, p->address.family == 6 && !extended ? "425 no address\r\n" : text);
}

struct reply {
	const char *verb, *text;
};

static const struct reply files[] = {
	{ "USER", "331 password\r\n" }, { "PASS", "230 welcome\r\n" }, { "TYPE", "200 ok\r\n" }, { "CWD", "250 ok\r\n" },
	{ "PWD", "257 \"/\"\r\n" }, { "SYST", "215 UNIX Type: L8\r\n" }, { "QUIT", "221 bye\r\n" }, { "NOOP", "200 ok\r\n" },
	{ "STOR", "150 go on\r\n226 done\r\n" }, { "APPE", "150 go on\r\n226 done\r\n" }, { "DELE", "250 ok\r\n" },
};
static const struct reply mail[] = {
	{ "HELO", "250 ok\r\n" }, { "EHLO", "250 ok\r\n" }, { "MAIL", "250 ok\r\n" }, { "RCPT", "250 ok\r\n" },
	{ "DATA", "354 go on\r\n" }, { "RSET", "250 ok\r\n" }, { "NOOP", "250 ok\r\n" }, { "QUIT", "221 bye\r\n" },
	{ ".", "250 queued\r\n" },
};

static const char *reply_to(const struct reply *list, size_t count, struct bytes line)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_starts_fold(line, bytes_text(list[i].verb)))
			return list[i].text;
	return NULL;
}

static void hear_files(struct peer *p, struct bytes line)
{
	const char *text = reply_to(files, COUNT_OF(files), line);

	if (bytes_starts_fold(line, bytes_text("CWD ")))
		change_folder(p, bytes_of(line.at + 4, line.left - 4));
	if (bytes_starts_fold(line, bytes_text("RETR ")))
		retrieve(p, bytes_of(line.at + 5, line.left - 5));
	else if (bytes_starts_fold(line, bytes_text("PASV")) || bytes_starts_fold(line, bytes_text("EPSV")))
		expect_data(p, *line.at == 'E' || *line.at == 'e');
	else
		say(p, text != NULL ? text : "502 not here\r\n");
	p->ended = bytes_starts_fold(line, bytes_text("QUIT"));
}

static void hear_mail(struct peer *p, struct bytes line)
{
	const char *text = reply_to(mail, COUNT_OF(mail), line);

	/* the lines of a letter are no commands */
	if (p->turns != 0 && !bytes_equal(line, bytes_text(".")))
		return;
	p->turns = bytes_starts_fold(line, bytes_text("DATA"));
	say(p, text != NULL ? text : "502 not here\r\n");
	p->ended = bytes_starts_fold(line, bytes_text("QUIT"));
}

static void hear_lines(struct peer *p)
{
	struct bytes rest = bytes_of(p->heard + p->understood, p->heard_len - p->understood);
	ptrdiff_t at;

	while (!p->ended && (at = bytes_find(rest, bytes_text("\n"))) >= 0) {
		struct bytes line = bytes_of(rest.at, (size_t)at);

		if (line.left != 0 && line.at[line.left - 1] == '\r')
			line.left--;
		if (line.left != 0 && p->talk == TALK_FILES)
			hear_files(p, line);
		else if (line.left != 0)
			hear_mail(p, line);
		rest = bytes_of(rest.at + at + 1, rest.left - (size_t)at - 1);
		p->understood += (size_t)at + 1;
	}
}

/* Questions that stand behind their length; so do the answers. */
static void hear_names(struct peer *p)
{
	while (p->heard_len - p->understood >= 2) {
		const uint8_t *at = p->heard + p->understood;
		size_t len = (size_t)at[0] << 8 | at[1];

		if (p->heard_len - p->understood - 2 < len)
			return;
		p->understood += 2 + len;
		dns_answer(p, p->network->world, bytes_of(at + 2, len));
	}
}

void talk_hear(struct peer *p)
{
	if (p->talk == TALK_FILES || p->talk == TALK_MAIL) {
		hear_lines(p);
	} else if (p->talk == TALK_NAMES) {
		hear_names(p);
	} else if (p->talk == TALK_UNKNOWN && !p->answered &&
	    http_answer(p, p->network->world, bytes_of(p->heard, p->heard_len), &p->address, p->port)) {
		p->answered = true;
		p->ended = true;
	}
}

/* Is what was heard a shell's, as far as one can see: nothing yet, or text that no protocol of machines begins with? */
static bool may_be_shell(const struct peer *p)
{
	static const char *const others[] = { "SSH-", "JRMI", "GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT ", "PRI *" };
	struct bytes heard = bytes_of(p->heard, p->heard_len);

	/* shells call at the ports of other services too, as firewalls let them out there; what the attacker said is known already */
	if ((p->attack && p->arrived > 0) || (p->talk != TALK_UNKNOWN && p->talk != TALK_NAMES) || p->understood != 0 || p->answered ||
	    network_is_own(p->network, &p->address))
		return false;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (bytes_starts_fold(heard, bytes_text(others[i])))
			return false;
	for (size_t i = 0; i < heard.left; i++)
		if (heard.at[i] < 32 && (heard.at[i] < 7 || heard.at[i] > 13) && heard.at[i] != 27)
			return false;
	return true;
}

bool talk_go_on(struct peer *p)
{
	static const char *const lines[2][2] = { { "id\n", "exit\n" }, { "uname -a\n", "exit\n" } };
	struct world *w = p->network->world;
	char subject[256], text[ADDRESS_TEXT];
	struct bytes name = network_name(p->network, &p->address);

	if (p->turns == COUNT_OF(lines[0]) || !may_be_shell(p))
		return false;
	if (p->attack)
		snprintf(subject, sizeof(subject), "own connection");
	else if (name.left != 0)
		snprintf(subject, sizeof(subject), "%.*s:%u speaks", (int)name.left, (const char *)name.at, p->port);
	else
		snprintf(subject, sizeof(subject), "%s:%u speaks", address_format(&p->address, text), p->port);
	if (!record_ask(w->record, QUESTION_NETWORK, subject, true))
		return false;
	network_round_trip(w);
	/* over the attack's own connection what comes back can be looked for, so it is the same question in all runs */
	say(p, lines[p->attack ? 0 : w->seed % COUNT_OF(lines)][p->turns++]);
	return true;
}

/* A file that is asked for by datagrams comes in one block. */
void tftp_answer(struct peer *p, struct world *w, struct bytes request)
{
	enum { READ = 1, DATA = 3, BLOCK = 512 };
	char url[URL_BYTES], body[BLOCK];
	uint8_t raw[4 + BLOCK] = { 0, DATA, 0, 1 };
	const uint8_t *end;
	uint16_t what;
	int len;

	if (bytes_u16be(&request, &what) < 0 || what != READ || request.left == 0 ||
	    (end = memchr(request.at, 0, request.left)) == NULL)
		return;
	tell_fetch(p, "tftp", bytes_of(request.at, (size_t)(end - request.at)), url, sizeof(url));
	len = http_script(w, url, body, sizeof(body));
	memcpy(raw + 4, body, (size_t)len);
	network_round_trip(w);
	peer_answer(p, bytes_of(raw, 4 + (size_t)len));
}
