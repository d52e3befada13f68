/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory: virtual, heaps, views of sections; that of other processes is this one's, so that injected code runs too. */
#include "emu/windows/api/api.h"

#include <string.h>

enum {
	READ_WRITE = 4, EXECUTE_READ_WRITE = 0x40, MOVE_MAX = 16 << 20, COMPARE_MAX = 64 << 10,
	NT_MEMORY = (int)0xc0000017, NT_ADDRESS = (int)0xc0000005,
};

static uint64_t virtual_alloc(struct windows *w, const uint64_t *a)
{
	uint64_t at = win_allocate(w, a[0], a[1], (uint32_t)a[3]);

	return at != 0 ? at : win_error(w, WIN_ERROR_MEMORY, 0);
}

static uint64_t virtual_alloc_ex(struct windows *w, const uint64_t *a)
{
	return virtual_alloc(w, a + 1);
}

static uint64_t virtual_free(struct windows *w, const uint64_t *a)
{
	enum { RELEASE = 0x8000 };

	return (a[2] & RELEASE) == 0 || win_release(w, a[0]) ? 1 : win_error(w, WIN_ERROR_ADDRESS, 0);
}

static uint64_t virtual_free_ex(struct windows *w, const uint64_t *a)
{
	return virtual_free(w, a + 1);
}

static uint64_t virtual_protect(struct windows *w, const uint64_t *a)
{
	uint32_t old;

	if (!win_protect(w, a[0], a[1] != 0 ? a[1] : 1, (uint32_t)a[2], &old) || !win_put(w, a[3], old, 4))
		return win_error(w, WIN_ERROR_ADDRESS, 0);
	return 1;
}

static uint64_t virtual_protect_ex(struct windows *w, const uint64_t *a)
{
	return virtual_protect(w, a + 1);
}

/* MEMORY_BASIC_INFORMATION of the page. */
static uint64_t query(struct windows *w, uint64_t at, uint64_t to)
{
	const struct win_region *r = win_region_find(w, at);
	uint64_t page = at & ~(uint64_t)(GUEST_PAGE - 1), end = WIN_SHARED_END, word = w->word;
	uint64_t base = r != NULL ? r->start : 0, len = word == 8 ? 48 : 28, from = to + 2 * word + word;
	bool good;

	if (at >= WIN_SHARED_END)
		return 0;
	for (unsigned i = 0; r == NULL && i < w->regions_count; i++)
		if (w->regions[i].start > at && w->regions[i].start < end)
			end = w->regions[i].start;
	end = r != NULL ? r->end : end;
	good = win_put_word(w, to, page) && win_put_word(w, to + word, base) &&
	    win_put(w, to + 2 * word, r != NULL ? r->protection : 0, word == 8 ? 8 : 4) && win_put_word(w, from, end - page) &&
	    win_put(w, from + word, r != NULL ? 0x1000 : 0x10000, 4) &&
	    win_put(w, from + word + 4, r != NULL ? r->protection : 1, 4) &&
	    win_put(w, from + word + 8, r != NULL ? r->type : 0, 4);
	return good ? len : 0;
}

static uint64_t virtual_query(struct windows *w, const uint64_t *a)
{
	return query(w, a[0], a[1]);
}

static uint64_t virtual_query_ex(struct windows *w, const uint64_t *a)
{
	return query(w, a[1], a[2]);
}

static uint64_t heap_create(struct windows *w, const uint64_t *a)
{
	uint64_t at = win_allocate(w, 0, a[1] > 0x1000 && a[1] < MOVE_MAX ? a[1] : 0x1000, EXECUTE_READ_WRITE);

	return at != 0 ? at : win_error(w, WIN_ERROR_MEMORY, 0);
}

static uint64_t get_process_heap(struct windows *w, const uint64_t *a)
{
	return WIN_HEAP;
}

static uint64_t heap_alloc(struct windows *w, const uint64_t *a)
{
	return win_heap(w, a[2]);
}

static uint64_t local_alloc(struct windows *w, const uint64_t *a)
{
	return win_heap(w, a[1]);
}

static bool copy(struct windows *w, uint64_t to, uint64_t from, uint64_t len)
{
	uint8_t *source;

	/* one host range each: the guest's pointers are checked for all of it */
	if (len == 0)
		return true;
	if (len > MOVE_MAX || (source = space_at(w->space, from, len, RANGE_READ)) == NULL ||
	    space_at(w->space, to, len, RANGE_WRITE) == NULL)
		return false;
	memmove(space_at(w->space, to, len, RANGE_WRITE), source, len);
	space_wrote(w->space, to, len);
	return true;
}

static uint64_t realloc_at(struct windows *w, uint64_t old, uint64_t len)
{
	uint64_t had = win_heap_size(w, old), at = win_heap(w, len);

	if (at != 0 && old != 0)
		copy(w, at, old, had < len ? had : len);
	return at;
}

static uint64_t heap_realloc(struct windows *w, const uint64_t *a)
{
	return realloc_at(w, a[2], a[3]);
}

static uint64_t local_realloc(struct windows *w, const uint64_t *a)
{
	return realloc_at(w, a[0], a[1]);
}

static uint64_t heap_size(struct windows *w, const uint64_t *a)
{
	return win_heap_size(w, a[2]);
}

static uint64_t same(struct windows *w, const uint64_t *a)
{
	return a[0];
}

static uint64_t move_memory(struct windows *w, const uint64_t *a)
{
	if (!copy(w, a[0], a[1], a[2]))
		win_raise(w, (uint32_t)NT_ADDRESS, a[1]);
	return a[0];
}

static void fill(struct windows *w, uint64_t at, uint64_t len, uint8_t v)
{
	uint8_t *to = len <= MOVE_MAX && len != 0 ? space_at(w->space, at, len, RANGE_WRITE) : NULL;

	if (to != NULL) {
		memset(to, v, len);
		space_wrote(w->space, at, len);
	}
}

static uint64_t zero_memory(struct windows *w, const uint64_t *a)
{
	fill(w, a[0], a[1], 0);
	return 0;
}

static uint64_t fill_memory(struct windows *w, const uint64_t *a)
{
	fill(w, a[0], a[1], (uint8_t)a[2]);
	return 0;
}

static uint64_t is_bad_read(struct windows *w, const uint64_t *a)
{
	return a[1] != 0 && space_reach(w->space, a[0], a[1], RANGE_READ) < a[1];
}

static uint64_t is_bad_write(struct windows *w, const uint64_t *a)
{
	return a[1] != 0 && space_reach(w->space, a[0], a[1], RANGE_WRITE) < a[1];
}

static uint64_t is_bad_code(struct windows *w, const uint64_t *a)
{
	return space_reach(w->space, a[0], 1, RANGE_READ) == 0;
}

static uint64_t write_process_memory(struct windows *w, const uint64_t *a)
{
	if (!copy(w, a[1], a[2], a[3]))
		return win_error(w, WIN_ERROR_ADDRESS, 0);
	if (a[4] != 0)
		win_put_word(w, a[4], a[3]);
	return 1;
}

static uint64_t read_process_memory(struct windows *w, const uint64_t *a)
{
	const uint64_t turned[] = { a[0], a[2], a[1], a[3], a[4] };

	return write_process_memory(w, turned);
}

static uint64_t create_file_mapping(struct windows *w, const uint64_t *a)
{
	struct win_object *o, *file = win_object(w, a[0], WIN_FILE);
	uint64_t handle = 0;

	if ((o = win_object_new(w, WIN_MAPPING, &handle)) == NULL)
		return 0;
	o->node = file != NULL ? file->node : NULL;
	o->size = a[4] != 0 || o->node == NULL ? a[4] : o->node->size;
	return handle;
}

static uint64_t map_view(struct windows *w, uint64_t handle, uint64_t wanted)
{
	struct win_object *o = win_object(w, handle, WIN_MAPPING);
	uint64_t at;

	if (o == NULL || o->size > MOVE_MAX)
		return win_error(w, WIN_ERROR_HANDLE, 0);
	/* views of one section are one memory, as all processes are one */
	if (o->at == 0) {
		if ((at = win_allocate(w, wanted, o->size != 0 ? o->size : 1, EXECUTE_READ_WRITE)) == 0)
			return win_error(w, WIN_ERROR_MEMORY, 0);
		o->at = at;
		if (o->node != NULL && o->node->kind == NODE_FILE)
			(void)!win_write(w, at, o->node->data, o->node->size < o->size ? o->node->size : o->size);
	}
	return o->at;
}

static uint64_t map_view_of_file(struct windows *w, const uint64_t *a)
{
	return map_view(w, a[0], 0);
}

static const struct win_function memory[] = {
	{ "VirtualAlloc", 4, .run = virtual_alloc }, { "VirtualAllocEx", 5, .run = virtual_alloc_ex },
	{ "VirtualAllocExNuma", 6, .run = virtual_alloc_ex, .since = 60 }, { "VirtualFree", 3, .run = virtual_free },
	{ "VirtualFreeEx", 4, .run = virtual_free_ex }, { "VirtualProtect", 4, .run = virtual_protect },
	{ "VirtualProtectEx", 5, .run = virtual_protect_ex }, { "VirtualQuery", 3, .run = virtual_query },
	{ "VirtualQueryEx", 4, .run = virtual_query_ex }, { "VirtualLock", 2, .value = 1 },
	{ "VirtualUnlock", 2, .value = 1 }, { "HeapCreate", 3, .run = heap_create }, { "HeapDestroy", 1, .value = 1 },
	{ "GetProcessHeap", 0, .run = get_process_heap }, { "HeapFree", 3, .value = 1, .since = 60 },
	{ "HeapFree", 3, .forward = "NTDLL.RtlFreeHeap", .until = 52 },
	{ "HeapAlloc", 3, .forward = "NTDLL.RtlAllocateHeap" },
	{ "HeapReAlloc", 4, .forward = "NTDLL.RtlReAllocateHeap" }, { "HeapSize", 3, .forward = "NTDLL.RtlSizeHeap" },
	{ "HeapValidate", 3, .value = 1 }, { "HeapSetInformation", 4, .value = 1 },
	{ "LocalAlloc", 2, .run = local_alloc }, { "LocalFree", .args = 1 },
	{ "LocalReAlloc", 3, .run = local_realloc }, { "LocalLock", 1, .run = same }, { "LocalUnlock", 1, .value = 1 },
	{ "GlobalAlloc", 2, .run = local_alloc }, { "GlobalFree", .args = 1 },
	{ "GlobalReAlloc", 3, .run = local_realloc }, { "GlobalLock", 1, .run = same },
	{ "GlobalUnlock", 1, .value = 1 }, { "GlobalHandle", 1, .run = same },
	{ "RtlMoveMemory", 3, .run = move_memory }, { "RtlZeroMemory", 2, .run = zero_memory },
	{ "RtlFillMemory", 3, .run = fill_memory }, { "IsBadReadPtr", 2, .run = is_bad_read },
	{ "IsBadWritePtr", 2, .run = is_bad_write }, { "IsBadCodePtr", 1, .run = is_bad_code },
	{ "IsBadStringPtrA", 2, .run = is_bad_code }, { "IsBadStringPtrW", 2, .run = is_bad_code },
	{ "WriteProcessMemory", 5, .run = write_process_memory },
	{ "ReadProcessMemory", 5, .run = read_process_memory }, { "FlushInstructionCache", 3, .value = 1 },
	{ "CreateFileMappingA", 6, .run = create_file_mapping },
	{ "CreateFileMappingW", 6, .run = create_file_mapping }, { "OpenFileMappingA", .args = 3 },
	{ "OpenFileMappingW", .args = 3 }, { "MapViewOfFile", 5, .run = map_view_of_file },
	{ "MapViewOfFileEx", 6, .run = map_view_of_file }, { "UnmapViewOfFile", 1, .value = 1 },
};
const struct win_table api_memory = { memory, COUNT_OF(memory) };

static uint64_t nt_allocate(struct windows *w, const uint64_t *a)
{
	uint64_t at = win_allocate(w, win_get_word(w, a[1]), win_get_word(w, a[3]), (uint32_t)a[5]);

	if (at == 0 || !win_put_word(w, a[1], at))
		return (uint32_t)NT_MEMORY;
	win_put_word(w, a[3], (win_get_word(w, a[3]) + GUEST_PAGE - 1) & ~(uint64_t)(GUEST_PAGE - 1));
	return 0;
}

static uint64_t nt_protect(struct windows *w, const uint64_t *a)
{
	uint32_t old = 0;

	if (!win_protect(w, win_get_word(w, a[1]), win_get_word(w, a[2]), (uint32_t)a[3], &old))
		return (uint32_t)NT_ADDRESS;
	win_put(w, a[4], old, 4);
	return 0;
}

static uint64_t nt_write(struct windows *w, const uint64_t *a)
{
	return write_process_memory(w, a) != 0 ? 0 : (uint32_t)NT_ADDRESS;
}

static uint64_t nt_read(struct windows *w, const uint64_t *a)
{
	return read_process_memory(w, a) != 0 ? 0 : (uint32_t)NT_ADDRESS;
}

static uint64_t nt_create_section(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_MAPPING, &handle);

	if (o == NULL)
		return (uint32_t)NT_MEMORY;
	o->size = win_number(w, a[3], 8, NULL);
	return win_put_word(w, a[0], handle) ? 0 : (uint32_t)NT_ADDRESS;
}

static uint64_t nt_map_view(struct windows *w, const uint64_t *a)
{
	uint64_t at = map_view(w, a[0], 0);

	return at != 0 && win_put_word(w, a[2], at) ? 0 : (uint32_t)NT_MEMORY;
}

static uint64_t nt_query_memory(struct windows *w, const uint64_t *a)
{
	return query(w, a[1], a[3]) != 0 ? 0 : (uint32_t)NT_ADDRESS;
}

static uint64_t rtl_compare(struct windows *w, const uint64_t *a)
{
	uint64_t n = 0;

	while (n < a[2] && n < COMPARE_MAX && win_number(w, a[0] + n, 1, NULL) == win_number(w, a[1] + n, 1, NULL))
		n++;
	return n;
}

static const struct win_function memory_nt[] = {
	{ "NtAllocateVirtualMemory", 6, .run = nt_allocate, .number = 0x19 },
	{ "NtProtectVirtualMemory", 5, .run = nt_protect, .number = 0x51 },
	{ "NtFreeVirtualMemory", 4, .number = 0x1f }, { "NtWriteVirtualMemory", 5, .run = nt_write, .number = 0x3b },
	{ "NtReadVirtualMemory", 5, .run = nt_read, .number = 0x40 },
	{ "NtCreateSection", 7, .run = nt_create_section, .number = 0x4b },
	{ "NtMapViewOfSection", 10, .run = nt_map_view, .number = 0x29 }, { "NtUnmapViewOfSection", 2, .number = 0x2b },
	{ "NtQueryVirtualMemory", 6, .run = nt_query_memory, .number = 0x24 }, { "NtFlushInstructionCache", .args = 3 },
	{ "ZwAllocateVirtualMemory", 6, .run = nt_allocate }, { "ZwProtectVirtualMemory", 5, .run = nt_protect },
	{ "ZwFreeVirtualMemory", .args = 4 }, { "ZwWriteVirtualMemory", 5, .run = nt_write },
	{ "ZwReadVirtualMemory", 5, .run = nt_read }, { "ZwUnmapViewOfSection", .args = 2 },
	{ "ZwCreateSection", 7, .run = nt_create_section }, { "ZwMapViewOfSection", 10, .run = nt_map_view },
	{ "RtlAllocateHeap", 3, .run = heap_alloc }, { "RtlFreeHeap", 3, .value = 1 },
	{ "RtlReAllocateHeap", 4, .run = heap_realloc }, { "RtlSizeHeap", 3, .run = heap_size },
	{ "RtlCreateHeap", 6, .run = heap_create }, { "RtlDestroyHeap", .args = 1 },
	{ "RtlMoveMemory", 3, .run = move_memory }, { "RtlZeroMemory", 2, .run = zero_memory },
	{ "RtlFillMemory", 3, .run = fill_memory }, { "RtlCompareMemory", 3, .run = rtl_compare },
	{ "memcpy", 3, .run = move_memory, .cdecl = true }, { "memmove", 3, .run = move_memory, .cdecl = true },
};
const struct win_table api_memory_nt = { memory_nt, COUNT_OF(memory_nt) };
