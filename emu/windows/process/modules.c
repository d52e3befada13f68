/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loader: which libraries the process has, in lists as attack code walks them. */
#include "emu/windows/process/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SLOT = 0x400, PATH_AT = 0x100, NAME_UNITS = 128, NO_DEEPER = 8 };

static uint64_t slot(unsigned i)
{
	return WIN_LOADER + (uint64_t)(i + 1) * SLOT;
}

/* UNICODE_STRING: length and room in bytes, then where the text is. */
static bool put_string(struct windows *w, uint64_t at, uint64_t text, size_t units)
{
	return win_put(w, at, units * 2, 2) && win_put(w, at + 2, units * 2 + 2, 2) && win_put_word(w, at + w->word, text);
}

static bool put_names(struct windows *w, uint64_t entry, const char *name, bool program)
{
	uint8_t raw[2 * NAME_UNITS];
	char path[NAME_UNITS];
	size_t whole, file = strlen(name);

	snprintf(path, sizeof(path), program ? "C:\\Windows\\%s" : "C:\\Windows\\System32\\%s", name);
	/* what a heap has behind a block: code that tells names by their length looks there */
	memset(raw, 0xab, sizeof(raw));
	whole = win_utf16(path, raw, NAME_UNITS - 1);
	raw[2 * whole] = raw[2 * whole + 1] = 0;
	return win_write(w, entry + PATH_AT, raw, sizeof(raw)) == 0 &&
	    put_string(w, entry + w->offsets->entry_path, entry + PATH_AT, whole) &&
	    put_string(w, entry + w->offsets->entry_name, entry + PATH_AT + 2 * (whole - file), file);
}

static bool put_entry(struct windows *w, unsigned i)
{
	const struct win_module *m = &w->modules[i];
	const struct win_offsets *o = w->offsets;
	uint64_t at = slot(i), base = m->image->base;

	return put_names(w, at, m->name, i == 0) && win_put_word(w, at + o->entry_base, base) &&
	    win_put_word(w, at + o->entry_start, i == 0 ? base + IMAGE_TEXT : 0) &&
	    win_put_word(w, at + o->entry_size, m->image->places.size) && win_put(w, at + o->entry_flags, 0x4004, 4) &&
	    win_put(w, at + o->entry_count, 0xffff, 2) && win_put(w, at + o->entry_stamp, m->image->stamp, 4);
}

/* Links the heads of count entries, by their offset, into a ring with the list's head. */
static bool link_ring(struct windows *w, uint64_t head, unsigned offset, const unsigned *order, unsigned count)
{
	uint64_t before = head;
	bool good = true;

	for (unsigned i = 0; i <= count; i++) {
		uint64_t at = i < count ? slot(order[i]) + offset : head;

		good = good && win_put_word(w, before, at) && win_put_word(w, at + w->word, before);
		before = at;
	}
	return good;
}

/* In the order of initialisation the program is not; since 6.1 kernelbase comes before kernel32. */
static unsigned initialised(const struct windows *w, unsigned *order)
{
	unsigned count = 0;

	for (unsigned i = 1; i < w->modules_count; i++)
		order[count++] = i;
	if (w->catalog->version >= 61 && count > 2) {
		order[1] = 3;
		order[2] = 2;
	}
	return count;
}

static bool link_all(struct windows *w)
{
	unsigned order[COUNT_OF(w->modules)], count = w->modules_count;
	const struct win_offsets *o = w->offsets;

	for (unsigned i = 0; i < count; i++)
		order[i] = i;
	if (!link_ring(w, WIN_LOADER + o->loader_load, 0, order, count) ||
	    !link_ring(w, WIN_LOADER + o->loader_memory, 2 * w->word, order, count))
		return false;
	count = initialised(w, order);
	return link_ring(w, WIN_LOADER + o->loader_order, 4 * w->word, order, count);
}

static int show(struct windows *w, const struct win_image *image)
{
	uint64_t end = image->base + image->places.size;
	int r = space_add(w->space, &(struct range){ .start = image->base, .end = end, .kind = RANGE_IMAGE,
	    .protection = RANGE_READ | RANGE_EXECUTE, .source = image->bytes, .name = "" });

	if (r == 0 && w->regions_count < WIN_REGIONS_MAX)
		w->regions[w->regions_count++] = (struct win_region){ image->base, end, 0x20, 0x1000000 };
	return r;
}

static struct win_module *add(struct windows *w, const struct win_image *image, const char *name)
{
	struct win_module *m = &w->modules[w->modules_count];

	if (w->modules_count == COUNT_OF(w->modules) || slot(w->modules_count + 1) >= WIN_LOADER_END)
		return NULL;
	if (win_module_at(w, image->base) == NULL && show(w, image) < 0)
		return NULL;
	*m = (struct win_module){ .image = image, .references = 1 };
	snprintf(m->name, sizeof(m->name), "%.63s", name);
	w->modules_count++;
	return put_entry(w, w->modules_count - 1) ? m : NULL;
}

int win_modules_begin(struct windows *w)
{
	bool good = true;

	w->modules_count = 0;
	for (unsigned i = 0; i < w->catalog->count && good; i++)
		if (w->catalog->images[i].library->there)
			good = add(w, &w->catalog->images[i], w->catalog->images[i].library->name) != NULL;
	return good && win_put(w, WIN_LOADER, 0x30, 4) && win_put(w, WIN_LOADER + 4, 1, 4) && link_all(w) ? 0 : -ENOMEM;
}

/* The file name of a path. */
static const char *file_of(const char *path)
{
	for (const char *c = path; *c != 0; c++)
		if (*c == '\\' || *c == '/' || *c == ':')
			path = c + 1;
	return path;
}

struct win_module *win_module_at(struct windows *w, uint64_t base)
{
	for (unsigned i = 0; i < w->modules_count; i++)
		if (w->modules[i].image->base == base)
			return &w->modules[i];
	return NULL;
}

struct win_module *win_module_named(struct windows *w, const char *name)
{
	const struct win_image *image;

	if (*name == 0)
		return &w->modules[0];
	name = file_of(name);
	if ((image = catalog_find(w->catalog, name)) != NULL)
		return win_module_at(w, image->base);
	for (unsigned i = 0; i < w->modules_count; i++)
		if (strcasecmp(w->modules[i].name, name) == 0)
			return &w->modules[i];
	return NULL;
}

struct win_module *win_module_load(struct windows *w, const char *path)
{
	struct win_module *m = win_module_named(w, path);
	const struct win_image *image = catalog_find(w->catalog, file_of(path));
	char name[64];

	if (m != NULL) {
		m->references++;
		return m;
	}
	snprintf(name, sizeof(name), "%.59s", image != NULL ? image->library->name : file_of(path));
	if (image == NULL) {
		if (strchr(name, '.') == NULL)
			strcat(name, ".dll");
		win_unknown(w, name, "LoadLibrary");
		image = &w->catalog->images[w->catalog->count - 1];
	}
	if ((m = add(w, image, name)) != NULL && !link_all(w))
		m = NULL;
	return m;
}

/* "NTDLL.RtlAllocateHeap", "ws2_32.#115": whose function it is. */
static const struct win_image *forwarded(struct windows *w, const char *forward, int *index)
{
	const char *dot = strrchr(forward, '.');
	const struct win_image *image;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)(dot - forward), forward);
	if ((image = catalog_find(w->catalog, name)) == NULL)
		return NULL;
	*index = catalog_function(image, dot + 1);
	return image;
}

uint64_t win_module_function(struct windows *w, const struct win_module *m, const char *name, unsigned ordinal)
{
	const struct win_image *image = m->image;
	int i = name != NULL ? catalog_function(image, name) : catalog_ordinal(image, ordinal);

	for (unsigned n = 0; i >= 0 && image->functions[i]->forward != NULL && n < NO_DEEPER; n++) {
		image = forwarded(w, image->functions[i]->forward, &i);
		if (image == NULL || win_module_load(w, image->library->name) == NULL)
			return 0;
	}
	if (i < 0) {
		win_unknown(w, m->name, name != NULL ? name : "by ordinal");
		return 0;
	}
	return image->base + image_gate((unsigned)i);
}

const struct win_function *win_function_at(const struct windows *w, uint32_t gate)
{
	const struct win_image *image;
	unsigned i = gate & 0xffff, library = gate >> 16 & 0xff;

	if ((gate & WIN_GATE_MASK) != WIN_GATE_FUNCTION || library >= w->catalog->count)
		return NULL;
	image = &w->catalog->images[library];
	return i < image->count && image->functions[i]->forward == NULL ? image->functions[i] : NULL;
}
