/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A ring of scripts, each with its server and one name. */
#include "control/upload.h"

#include "control/extract/decode.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	UPLOADS_MAX = 512,           /* names remembered, of all servers */
	MEMORY_MAX = 8 << 20,        /* bytes of their scripts */
	NAME_MAX_KEPT = 96,          /* bytes of a name */
	NAMES_MAX = 8,               /* names taken out of one request or response */
	MADE_MIN = 6,                /* digits in a row of a name that a server made */
	SCAN_MAX = 64 << 10,         /* bytes of a body that are looked through for names */
};

struct upload {
	struct address server;
	uint64_t flow_id, time_ns;
	uint32_t tx_id;
	enum language language;
	char name[NAME_MAX_KEPT];    /* decoded, without folders */
	uint8_t *text;
	size_t len;
};

struct uploads {
	unsigned next;
	size_t memory;
	struct upload at[UPLOADS_MAX];
};

/* Endings by which web servers know scripts. */
static const char *const endings[] = { "php", "php3", "php4", "php5", "php7", "php8", "phps", "phtml", "pht", "phar", "inc", "jsp", "jspx",
                                       "jspf", "asp", "aspx", "ashx", "asa", "cer", "cgi", "pl", "py", "sh", "rb", "cfm" };

/* And those of files that are scripts where a folder's own configuration (.htaccess, .user.ini) says so. */
static const char *const configured[] = { "jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico", "txt", "css", "pdf", "dat" };

int uploads_new(struct uploads **ret)
{
	struct uploads *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return -ENOMEM;
	*ret = u;
	return 0;
}

static void upload_drop(struct uploads *u, struct upload *at)
{
	u->memory -= at->len;
	free(at->text);
	*at = (struct upload){ 0 };
}

void uploads_forget(struct uploads *u)
{
	for (unsigned i = 0; i < UPLOADS_MAX; i++)
		upload_drop(u, &u->at[i]);
	u->next = 0;
}

void uploads_free(struct uploads *u)
{
	if (u == NULL)
		return;
	uploads_forget(u);
	free(u);
}

/* Has one of the name's parts the ending of a script? "x.php.jpg" has, for servers that look at every part. */
static bool names_script(struct bytes name)
{
	struct bytes rest = name;

	http_split(&rest, '.');
	while (rest.left > 0) {
		struct bytes part = http_split(&rest, '.');

		for (size_t i = 0; i < COUNT_OF(endings); i++) {
			if (bytes_equal_fold(part, bytes_text(endings[i])))
				return true;
		}
	}
	return false;
}

/* Is it called as a file that needs a configuration to be run? */
static bool names_file(struct bytes name)
{
	struct bytes ending = name;

	while (memchr(ending.at, '.', ending.left) != NULL)
		http_split(&ending, '.');
	for (size_t i = 0; i < COUNT_OF(configured); i++) {
		if (ending.left < name.left && bytes_equal_fold(ending, bytes_text(configured[i])))
			return true;
	}
	return false;
}

static void upload_add(struct uploads *u, const struct case_record *record, const struct attack_code *code, struct bytes name)
{
	struct upload *at = &u->at[u->next];

	if (name.left == 0 || name.left >= NAME_MAX_KEPT)
		return;
	for (unsigned i = 0; i < UPLOADS_MAX; i++) {
		const struct upload *o = &u->at[i];

		if (o->text != NULL && o->flow_id == record->flow_id && o->tx_id == record->tx_id && o->language == code->language &&
		    bytes_equal(bytes_text(o->name), name) && bytes_equal(bytes_of(o->text, o->len), code->text))
			return;
	}
	for (unsigned i = 0; i < UPLOADS_MAX && u->memory + code->text.left > MEMORY_MAX; i++)
		upload_drop(u, &u->at[(u->next + i) % UPLOADS_MAX]);
	upload_drop(u, at);
	if (u->memory + code->text.left > MEMORY_MAX || (at->text = malloc(code->text.left + 1)) == NULL)
		return;
	memcpy(at->text, code->text.at, code->text.left);
	at->len = code->text.left;
	u->memory += at->len;
	at->server = record->tuple.dst;
	at->flow_id = record->flow_id;
	at->tx_id = record->tx_id;
	at->time_ns = record->request_last_ns;
	at->language = code->language;
	memcpy(at->name, name.at, name.left);
	u->next = (u->next + 1) % UPLOADS_MAX;
}

static bool is_name(uint8_t c)
{
	return isalnum(c) || c == '.' || c == '_' || c == '-';
}

/* Has it a run of digits, as names have that a server makes? */
static bool is_made(struct bytes name)
{
	size_t run = 0;

	for (size_t i = 0; i < name.left && run < MADE_MIN; i++)
		run = isxdigit(name.at[i]) ? run + 1 : 0;
	return run >= MADE_MIN;
}

/* A name that a response tells: the file's own, longer, or one that the server made. Others are links to pages. */
static bool may_be_told(const struct attack_code *code, struct bytes name)
{
	struct bytes stem = bytes_text(code->file);

	stem = http_split(&stem, '.');
	return code->file[0] != '\0' && (is_made(name) || (stem.left > 0 && bytes_find(name, stem) >= 0));
}

/* Names of scripts that stand in text. without: one that is no upload's. */
static void add_names(struct uploads *u, const struct case_record *record, const struct attack_code *code, struct bytes text,
                      struct bytes without, bool response)
{
	unsigned names = 0;

	if (text.left > SCAN_MAX)
		text.left = SCAN_MAX;
	for (size_t i = 0; i < text.left && names < NAMES_MAX; i++) {
		size_t start = i;
		struct bytes name;

		while (i < text.left && is_name(text.at[i]))
			i++;
		name = bytes_of(text.at + start, i - start);
		if (name.left > 3 && names_script(name) && !bytes_equal(name, without) && (!response || may_be_told(code, name))) {
			upload_add(u, record, code, name);
			names++;
		}
	}
}

/* Is it a script of its own, so that a file with it would be run? */
static bool is_script(const struct attack_code *code)
{
	return code->language == LANGUAGE_PHP ? bytes_starts_fold(code->text, bytes_text("<?")) : strcmp(code->class_name, "upload") == 0;
}

/* Is it the whole body's text, which goes on behind the file that another code is? */
static bool goes_on_behind(const struct extraction *codes, const struct attack_code *code)
{
	for (unsigned i = 0; i < codes->count; i++) {
		const struct attack_code *o = &codes->codes[i];

		if (o->file[0] != '\0' && code->file[0] == '\0' && o->language == code->language && o->text.left < code->text.left &&
		    bytes_equal(o->text, bytes_of(code->text.at, o->text.left)))
			return true;
	}
	return false;
}

void uploads_note(struct uploads *u, const struct case_record *record, const struct extraction *codes)
{
	struct http_request r = http_request_of(record->parts[PART_REQUEST_HEAD].head);
	struct bytes addressed = http_basename(r.path);
	bool stores = bytes_equal(r.method, bytes_text("PUT"));

	for (unsigned i = 0; i < codes->count; i++) {
		const struct attack_code *code = &codes->codes[i];

		if (!is_script(code) || strcmp(code->layers_count > 0 ? code->layers[0] : "", EXTRACT_UPLOADED) == 0 || goes_on_behind(codes, code))
			continue;
		upload_add(u, record, code, bytes_text(code->file));
		if (stores)
			upload_add(u, record, code, addressed);
		add_names(u, record, code, code->value, addressed, false);
		if (code->part == PART_REQUEST_BODY) {
			add_names(u, record, code, r.query, addressed, false);
			add_names(u, record, code, record->parts[PART_REQUEST_BODY].head, addressed, false);
		}
		add_names(u, record, code, record->parts[PART_RESPONSE_HEAD].head, addressed, true);
		add_names(u, record, code, record->parts[PART_RESPONSE_BODY].head, addressed, true);
	}
}

/* The path of the request, decoded into room; "" where it has none. */
static struct bytes path_of(const struct case_record *record, uint8_t *room, size_t size)
{
	struct http_request r = http_request_of(record->parts[PART_REQUEST_HEAD].head);
	struct sink out = sink_over(room, size);

	if (r.path.left > size)
		return (struct bytes){ 0 };
	(void)decode_url.undo(r.path, &out);
	return bytes_of(room, out.used);
}

unsigned uploads_find(const struct uploads *u, const struct case_record *record, struct uploaded ret[UPLOADED_MAX])
{
	uint8_t room[1024];
	struct bytes path = path_of(record, room, sizeof(room));
	unsigned count = 0;

	for (unsigned back = 1; back <= UPLOADS_MAX && count < UPLOADED_MAX && path.left > 0; back++) {
		const struct upload *at = &u->at[(u->next + UPLOADS_MAX - back) % UPLOADS_MAX];
		struct bytes rest = path;
		bool named = false, told = false;

		if (at->text == NULL || !address_equal(&at->server, &record->tuple.dst) || at->time_ns >= record->request_last_ns ||
		    (at->flow_id == record->flow_id && at->tx_id == record->tx_id))
			continue;
		while (rest.left > 0)
			named |= bytes_equal(http_split(&rest, '/'), bytes_text(at->name));
		for (unsigned i = 0; i < count; i++)
			told |= ret[i].language == at->language && bytes_equal(ret[i].text, bytes_of(at->text, at->len));
		if (named && !told)
			ret[count++] = (struct uploaded){ at->language, bytes_of(at->text, at->len) };
	}
	return count;
}

bool upload_is_asked_for(const struct case_record *record)
{
	uint8_t room[1024];
	struct bytes rest = path_of(record, room, sizeof(room));

	while (rest.left > 0) {
		struct bytes name = http_split(&rest, '/');

		if (names_script(name) || (rest.left == 0 && name.left > 0 && names_file(name)))
			return true;
	}
	return false;
}
