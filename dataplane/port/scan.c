/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a capture through with libpcap: what is wrong with it, said in one line. */
#include "dataplane/port/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

static const struct {
	int dlt;
	enum link_type link;
} links[] = {
	{ DLT_EN10MB, LINK_ETHERNET },
	{ DLT_LINUX_SLL, LINK_COOKED },
	{ DLT_LINUX_SLL2, LINK_COOKED2 },
	{ DLT_RAW, LINK_RAW },
	{ DLT_IPV4, LINK_RAW },
	{ DLT_IPV6, LINK_RAW },
	{ DLT_NULL, LINK_NULL },
	{ DLT_LOOP, LINK_NULL },
};

static void format_like(3, 4) fail(struct capture_file *c, int error, const char *why, ...)
{
	va_list args;

	c->error = error;
	va_start(args, why);
	vsnprintf(c->text, sizeof(c->text), why, args);
	va_end(args);
}

void capture_open(const char *path, struct capture_file *ret)
{
	struct stat st;

	*ret = (struct capture_file){ .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	if (ret->fd < 0)
		fail(ret, errno, "%s: cannot be opened: %s", path, strerror(errno));
	else if (fstat(ret->fd, &st) < 0 || !S_ISREG(st.st_mode))
		fail(ret, EINVAL, "%s: is not a regular file; save the capture to a file first", path);
	else if (st.st_size == 0)
		fail(ret, EINVAL, "%s: is empty; nothing was captured", path);
}

void capture_close(struct capture_file *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

/* What a file is that is no capture yet; NULL: anything else. */
static const char *packed_by(int fd)
{
	static const struct {
		const char *magic, *program;
	} packers[] = {
		{ "\x1f\x8b", "gzip" }, { "BZh", "bzip2" }, { "\xfd" "7zXZ", "xz" }, { "\x28\xb5\x2f\xfd", "zstd" },
		{ "\x04\x22\x4d\x18", "lz4" },
	};
	char head[8] = "";

	if (pread(fd, head, sizeof(head) - 1, 0) < 0)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(packers); i++) {
		if (strncmp(head, packers[i].magic, strlen(packers[i].magic)) == 0)
			return packers[i].program;
	}
	return NULL;
}

static bool link_of(int dlt, enum link_type *ret)
{
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		if (links[i].dlt == dlt) {
			*ret = links[i].link;
			return true;
		}
	}
	return false;
}

/* libpcap's own words for a file that ends in the middle of a packet. */
static bool is_cut(const char *why)
{
	return strstr(why, "truncated") != NULL || strstr(why, "EOF") != NULL || strstr(why, "got only") != NULL;
}

static void count_packets(struct capture_file *c, pcap_t *pcap)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int r;

	while ((r = pcap_next_ex(pcap, &header, &data)) == 1)
		c->packets++;
	if (r != PCAP_ERROR)
		return;
	if (strstr(pcap_geterr(pcap), "different from the type of the first interface") != NULL)
		fail(c, EPROTONOSUPPORT, "%s: mixes link types after packet %lu: judged up to there; write one file an "
		     "interface", c->path, c->packets);
	else if (is_cut(pcap_geterr(pcap)))
		fail(c, ENODATA, "%s: is cut off after packet %lu: judged up to there", c->path, c->packets);
	else
		fail(c, EBADMSG, "%s: is damaged after packet %lu (%.200s): judged up to there", c->path, c->packets,
		     pcap_geterr(pcap));
}

void capture_scan(struct capture_file *c)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = NULL;
	FILE *file;
	const char *name;
	int fd;

	if (c->error != 0)
		return;
	fd = dup(c->fd); /* pcap_close() closes it; both share one position */
	file = fd < 0 ? NULL : fdopen(fd, "rb");
	if (file == NULL) {
		fail(c, errno, "%s: cannot be read: %s", c->path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	setvbuf(file, NULL, _IOFBF, 1 << 18);
	pcap = pcap_fopen_offline(file, why);
	if (pcap == NULL) {
		fclose(file);
		name = packed_by(c->fd);
		if (name != NULL)
			fail(c, EBADMSG, "%s: is compressed; unpack it first: %s -dc", c->path, name);
		else if (is_cut(why))
			fail(c, EBADMSG, "%s: is cut off inside its file header: no packet can be read", c->path);
		else
			fail(c, EBADMSG, "%s: is neither pcap nor pcapng (%.200s)", c->path, why);
		return;
	}
	if (link_of(pcap_datalink(pcap), &c->link)) {
		count_packets(c, pcap);
	} else {
		name = pcap_datalink_val_to_name(pcap_datalink(pcap));
		fail(c, EPROTONOSUPPORT, "%s: link type %s (%d) is not supported; Ethernet, Linux cooked, raw IP and "
		     "loopback are", c->path, name == NULL ? "unknown" : name, pcap_datalink(pcap));
	}
	pcap_close(pcap);
	if (lseek(c->fd, 0, SEEK_SET) < 0)
		fail(c, errno, "%s: cannot be read twice: %s", c->path, strerror(errno));
}
