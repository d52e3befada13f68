/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ring between a lane and control: layout, the producer's side, and the consumer's distrust. */
#include "control/wire/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Layout of the memfd: one page of file_header; then for each ring one page of ring_marks and size bytes of data.
 * A record is u32 length, u32 zero, the bytes, and padding to ALIGN; it never crosses the data's end: a length of
 * WRAP says that the rest up to the end is unused. Positions count bytes since the start and never wrap.
 */
#define RING_MAGIC 0x4b4e5352u
#define WRAP       UINT32_MAX
enum { PAGE = 4096, ALIGN = 8, HEADER = 8 };
static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

struct file_header {
	uint32_t magic, count;
	uint64_t size;
};

struct ring_marks {
	_Alignas(64) _Atomic uint64_t head; /* written by the producer alone */
	_Alignas(64) _Atomic uint64_t tail; /* written by the consumer alone */
};

/* Each side keeps its own position here and believes the other's shared one only within bounds. */
struct ring {
	struct ring_marks *marks;
	uint8_t *data;
	uint64_t size;
	uint64_t head, tail;  /* own position exact, the other's as last read */
	uint64_t reserved_at; /* producer: where the lent record's header is */
	size_t reserved;      /* producer: bytes lent */
	size_t peeked;        /* consumer: bytes that ring_release() gives back */
	bool dead;            /* consumer: the producer wrote nonsense */
};

static size_t ring_span(uint64_t size)
{
	return PAGE + (size_t)size;
}

static uint64_t record_span(uint64_t len)
{
	return HEADER + (len + ALIGN - 1) / ALIGN * ALIGN;
}

/* The longest record that fits an empty ring wherever its position happens to be. */
static size_t record_limit(const struct ring *r)
{
	uint64_t half = r->size / 2 - HEADER;

	return half < RECORD_MAX ? (size_t)half : RECORD_MAX;
}

int rings_create(unsigned count, size_t size)
{
	struct file_header h = { .magic = RING_MAGIC, .count = count, .size = size };
	int fd, r;

	if (count == 0 || count > RINGS_MAX || size < RING_SIZE_MIN || (size & (size - 1)) != 0)
		return -EINVAL;
	fd = memfd_create("konseki-rings", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)(PAGE + count * ring_span(size))) < 0 ||
	    pwrite(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) || fcntl(fd, F_ADD_SEALS, seals) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

/* Reads and checks the header against the file's real size; -EINVAL where it is not ours. */
static int header_check(int fd, struct file_header *ret)
{
	struct file_header h;
	struct stat st;

	if ((fcntl(fd, F_GET_SEALS) & seals) != seals || fstat(fd, &st) < 0)
		return -EINVAL;
	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) || h.magic != RING_MAGIC)
		return -EINVAL;
	if (h.count == 0 || h.count > RINGS_MAX || h.size < RING_SIZE_MIN || (h.size & (h.size - 1)) != 0)
		return -EINVAL;
	if (h.size > (uint64_t)st.st_size || PAGE + h.count * (PAGE + h.size) != (uint64_t)st.st_size)
		return -EINVAL;
	*ret = h;
	return 0;
}

unsigned rings_count(int fd)
{
	struct file_header h;

	return header_check(fd, &h) < 0 ? 0 : h.count;
}

int ring_open(int fd, unsigned index, struct ring **ret)
{
	struct file_header h;
	struct ring *ring = NULL;
	void *at;
	int r = header_check(fd, &h);

	if (r < 0)
		return r;
	if (index >= h.count)
		return -EINVAL;
	if ((ring = calloc(1, sizeof(*ring))) == NULL)
		return -ENOMEM;
	at = mmap(NULL, ring_span(h.size), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	          (off_t)(PAGE + index * ring_span(h.size)));
	if (at == MAP_FAILED) {
		r = -errno;
		free(ring);
		return r;
	}
	ring->marks = at;
	ring->data = (uint8_t *)at + PAGE;
	ring->size = h.size;
	ring->head = atomic_load_explicit(&ring->marks->head, memory_order_acquire);
	ring->tail = atomic_load_explicit(&ring->marks->tail, memory_order_acquire);
	*ret = ring;
	return 0;
}

void ring_close(struct ring *ring)
{
	if (ring == NULL)
		return;
	munmap(ring->marks, ring_span(ring->size));
	free(ring);
}

/* Free bytes by the tail last read; a tail that cannot be is taken as no room at all. */
static uint64_t ring_free(const struct ring *ring, uint64_t tail)
{
	uint64_t used = ring->head - tail;

	return used > ring->size ? 0 : ring->size - used;
}

/* Contiguous bytes between the producer's position and the end of the data. */
static uint64_t to_end(const struct ring *ring, uint64_t position)
{
	return ring->size - (position & (ring->size - 1));
}

int ring_reserve(struct ring *ring, size_t len, struct sink *ret)
{
	uint64_t rest = to_end(ring, ring->head), need, skip;

	if (len > record_limit(ring))
		return -EMSGSIZE;
	skip = record_span(len) > rest ? rest : 0;
	need = skip + record_span(len);
	if (need > ring_free(ring, ring->tail)) {
		ring->tail = atomic_load_explicit(&ring->marks->tail, memory_order_acquire);
		if (need > ring_free(ring, ring->tail))
			return -ENOBUFS;
	}
	if (skip > 0) {
		uint32_t wrap = WRAP;

		memcpy(ring->data + (ring->head & (ring->size - 1)), &wrap, sizeof(wrap));
	}
	ring->reserved_at = ring->head + skip;
	ring->reserved = len;
	*ret = sink_over(ring->data + (ring->reserved_at & (ring->size - 1)) + HEADER, len);
	return 0;
}

void ring_commit(struct ring *ring, size_t used)
{
	uint32_t header[2] = { (uint32_t)(used < ring->reserved ? used : ring->reserved), 0 };

	memcpy(ring->data + (ring->reserved_at & (ring->size - 1)), header, sizeof(header));
	ring->head = ring->reserved_at + record_span(header[0]);
	ring->reserved = 0;
	atomic_store_explicit(&ring->marks->head, ring->head, memory_order_release);
}

size_t ring_room(const struct ring *ring)
{
	uint64_t tail = atomic_load_explicit(&ring->marks->tail, memory_order_acquire);
	uint64_t left = ring_free(ring, tail), rest = to_end(ring, ring->head), best;

	/* either before the data's end, or after it at the price of the rest */
	best = left < rest ? left : rest;
	if (left > rest && left - rest > best)
		best = left - rest;
	best = best / ALIGN * ALIGN;
	if (best <= HEADER)
		return 0;
	return best - HEADER < record_limit(ring) ? (size_t)(best - HEADER) : record_limit(ring);
}

/* Length of the record at position, WRAP included; read once, since the producer may still scribble there. */
static uint32_t length_at(const struct ring *ring, uint64_t position)
{
	const volatile uint32_t *at = (const volatile uint32_t *)(ring->data + (position & (ring->size - 1)));

	return *at;
}

int ring_peek(struct ring *ring, struct bytes *ret)
{
	uint64_t waiting, skip = 0;
	uint32_t len;

	if (ring->dead)
		return -EBADMSG;
	ring->head = atomic_load_explicit(&ring->marks->head, memory_order_acquire);
	waiting = ring->head - ring->tail;
	if (waiting == 0)
		return -EAGAIN;
	if (waiting > ring->size || ring->tail % ALIGN != 0 || waiting < HEADER)
		goto dead;
	len = length_at(ring, ring->tail);
	if (len == WRAP) {
		skip = to_end(ring, ring->tail);
		if (waiting < skip + HEADER)
			goto dead;
		len = length_at(ring, ring->tail + skip);
	}
	if (len > record_limit(ring) || record_span(len) > waiting - skip ||
	    record_span(len) > to_end(ring, ring->tail + skip))
		goto dead;
	ring->peeked = (size_t)(skip + record_span(len));
	*ret = bytes_of(ring->data + ((ring->tail + skip) & (ring->size - 1)) + HEADER, len);
	return 0;
dead:
	ring->dead = true;
	return -EBADMSG;
}

void ring_release(struct ring *ring)
{
	ring->tail += ring->peeked;
	ring->peeked = 0;
	atomic_store_explicit(&ring->marks->tail, ring->tail, memory_order_release);
}
