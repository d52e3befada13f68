/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of /proc that tell of the server as a whole and hang on its facts or the clock; the others (version,
 * mounts) are files of the profile.
 */
#include "emu/kernel/inside.h"

#include <stdio.h>
#include <string.h>

static int memory_info(const struct kernel *k, char *buf, size_t size)
{
	unsigned long long all = (unsigned long long)k->world->profile.memory_mb * 1024;

	return snprintf(buf, size, "MemTotal:       %8llu kB\nMemFree:        %8llu kB\nMemAvailable:   %8llu kB\n"
	    "Buffers:        %8llu kB\nCached:         %8llu kB\nSwapCached:            0 kB\nActive:         %8llu kB\n"
	    "Inactive:       %8llu kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\nShmem:          %8llu kB\n"
	    "Slab:           %8llu kB\nSReclaimable:   %8llu kB\n", all, all / 5 * 2, all / 4 * 3, all / 32, all / 4,
	    all / 5, all / 4, all / 64, all / 40, all / 60);
}

static int processors(const struct kernel *k, char *buf, size_t size)
{
	int len = 0;

	for (unsigned i = 0; i < k->world->profile.processors && (size_t)len + 512 < size; i++)
		len += snprintf(buf + len, size - (size_t)len, "processor\t: %u\nvendor_id\t: AuthenticAMD\n"
		    "cpu family\t: 16\nmodel\t\t: 4\nmodel name\t: AMD Opteron(tm) Processor\nstepping\t: 2\n"
		    "cpu MHz\t\t: 2400.000\ncache size\t: 512 KB\nphysical id\t: 0\nsiblings\t: %u\ncore id\t\t: %u\n"
		    "cpu cores\t: %u\nfpu\t\t: yes\nflags\t\t: fpu tsc msr cx8 cmov mmx fxsr sse sse2 syscall lm sse3 ssse3 "
		    "cx16 sse4_1 sse4_2 popcnt\nbogomips\t: 4800.00\n\n", i, k->world->profile.processors, i,
		    k->world->profile.processors);
	return len;
}

static int statistics(const struct kernel *k, char *buf, size_t size)
{
	unsigned long long s = (unsigned long long)kernel_monotonic(k) / 10000000;

	return snprintf(buf, size, "cpu  %llu 0 %llu %llu 0 0 0 0 0 0\ncpu0 %llu 0 %llu %llu 0 0 0 0 0 0\nintr 0\nctxt %llu\n"
	    "btime %llu\nprocesses %d\nprocs_running 1\nprocs_blocked 0\n", s / 50, s / 90, s, s / 50, s / 90, s, s * 3,
	    (unsigned long long)((world_now(k->world) - kernel_monotonic(k)) / 1000000000), k->last_pid);
}

/* Below /proc/sys: what hangs on no fact of the server. */
static const struct setting {
	const char *path, *value;
} settings[] = {
	{ "sys/fs/file-max", "9223372036854775807" }, { "sys/fs/file-nr", "1024\t0\t9223372036854775807" },
	{ "sys/fs/inode-nr", "41000\t9000" }, { "sys/fs/nr_open", "1048576" }, { "sys/fs/pipe-max-size", "1048576" },
	{ "sys/fs/protected_hardlinks", "1" }, { "sys/fs/protected_symlinks", "1" }, { "sys/fs/suid_dumpable", "0" },
	{ "sys/kernel/cap_last_cap", "40" }, { "sys/kernel/core_pattern", "core" }, { "sys/kernel/core_uses_pid", "0" },
	{ "sys/kernel/dmesg_restrict", "1" }, { "sys/kernel/kptr_restrict", "0" }, { "sys/kernel/modules_disabled", "0" },
	{ "sys/kernel/msgmax", "8192" }, { "sys/kernel/ngroups_max", "65536" }, { "sys/kernel/ostype", "Linux" },
	{ "sys/kernel/overflowgid", "65534" }, { "sys/kernel/overflowuid", "65534" }, { "sys/kernel/panic", "0" },
	{ "sys/kernel/perf_event_paranoid", "3" }, { "sys/kernel/pid_max", "4194304" }, { "sys/kernel/printk", "4\t4\t1\t7" },
	{ "sys/kernel/random/entropy_avail", "256" }, { "sys/kernel/random/poolsize", "256" },
	{ "sys/kernel/randomize_va_space", "2" }, { "sys/kernel/sem", "32000\t1024000000\t500\t32000" },
	{ "sys/kernel/shmall", "18446744073692774399" }, { "sys/kernel/shmmax", "18446744073692774399" },
	{ "sys/kernel/shmmni", "4096" }, { "sys/kernel/tainted", "0" }, { "sys/kernel/threads-max", "31000" },
	{ "sys/kernel/unprivileged_bpf_disabled", "2" }, { "sys/net/core/rmem_default", "212992" },
	{ "sys/net/core/rmem_max", "212992" }, { "sys/net/core/somaxconn", "4096" }, { "sys/net/core/wmem_default", "212992" },
	{ "sys/net/core/wmem_max", "212992" }, { "sys/net/ipv4/ip_default_ttl", "64" }, { "sys/net/ipv4/ip_forward", "0" },
	{ "sys/net/ipv4/ip_local_port_range", "32768\t60999" }, { "sys/net/ipv4/ip_unprivileged_port_start", "1024" },
	{ "sys/net/ipv4/tcp_fin_timeout", "60" }, { "sys/net/ipv4/tcp_keepalive_time", "7200" },
	{ "sys/net/ipv4/tcp_syncookies", "1" }, { "sys/vm/max_map_count", "65530" }, { "sys/vm/mmap_min_addr", "65536" },
	{ "sys/vm/overcommit_memory", "0" }, { "sys/vm/overcommit_ratio", "50" }, { "sys/vm/swappiness", "60" },
};

/* And what does: see system_file(). */
static const char *const facts[] = {
	"sys/kernel/domainname", "sys/kernel/hostname", "sys/kernel/osrelease", "sys/kernel/version", "sys/kernel/random/boot_id",
	"sys/kernel/random/uuid", "sys/net/ipv4/ping_group_range",
};

static const char *const folders[] = {
	"sys", "sys/fs", "sys/kernel", "sys/kernel/random", "sys/net", "sys/net/core", "sys/net/ipv4", "sys/vm",
};

const char *system_folder(unsigned number)
{
	return number < COUNT_OF(folders) ? folders[number] : NULL;
}

/* The last component of a path that stands right in the folder; NULL: it does not. */
static const char *name_in(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/' && strchr(path + len + 1, '/') == NULL ? path + len + 1 : NULL;
}

size_t system_names(unsigned folder, const char **ret, size_t most)
{
	const char *name;
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(folders) && n < most; i++)
		if ((name = name_in(folders[folder], folders[i])) != NULL)
			ret[n++] = name;
	for (size_t i = 0; i < COUNT_OF(settings) && n < most; i++)
		if ((name = name_in(folders[folder], settings[i].path)) != NULL)
			ret[n++] = name;
	for (size_t i = 0; i < COUNT_OF(facts) && n < most; i++)
		if ((name = name_in(folders[folder], facts[i])) != NULL)
			ret[n++] = name;
	return n;
}

static int uuid(const uint64_t v[2], char *buf, size_t size)
{
	return snprintf(buf, size, "%08x-%04x-4%03x-%04x-%012llx\n", (unsigned)v[0], (unsigned)(v[0] >> 32) & 0xffff,
	    (unsigned)(v[0] >> 48) & 0xfff, ((unsigned)v[1] & 0x3fff) | 0x8000, (unsigned long long)v[1] >> 16);
}

static int kernel_fact(struct kernel *k, const char *name, char *buf, size_t size)
{
	const struct profile *f = &k->world->profile;
	uint64_t v[2] = { k->world->seed * 0x9e3779b97f4a7c15ull + 1, k->world->seed * 0xbf58476d1ce4e5b9ull + 7 };

	if (strcmp(name, "hostname") == 0)
		return snprintf(buf, size, "%s\n", k->world->hostname);
	if (strcmp(name, "domainname") == 0)
		return snprintf(buf, size, "%s\n", f->domain);
	if (strcmp(name, "osrelease") == 0)
		return snprintf(buf, size, "%s\n", f->kernel_release);
	if (strcmp(name, "version") == 0)
		return snprintf(buf, size, "%s\n", f->kernel_version);
	if (strcmp(name, "random/boot_id") == 0)
		return uuid(v, buf, size);
	if (strcmp(name, "random/uuid") == 0) {
		record_ask(k->world->record, QUESTION_RANDOM, "uuid", true);
		world_random_bytes(k->world, v, sizeof(v));
		return uuid(v, buf, size);
	}
	return -ENOENT;
}

/* Of the whole system's memory, in pages; what is counted since the start grows with time. */
static int memory_counts(struct kernel *k, char *buf, size_t size)
{
	unsigned long long pages = (unsigned long long)k->world->profile.memory_mb * 256, s = kernel_monotonic(k) / 1000000000;

	return snprintf(buf, size, "nr_free_pages %llu\nnr_zone_inactive_anon %llu\nnr_zone_active_anon %llu\nnr_mapped %llu\n"
	    "nr_dirty %llu\nnr_writeback 0\nnr_slab_reclaimable %llu\npgpgin %llu\npgpgout %llu\npswpin 0\npswpout 0\n"
	    "pgfault %llu\npgmajfault %llu\n", pages / 5 * 2, pages / 8, pages / 6, pages / 20, pages / 9000, pages / 60, s * 3, s * 40,
	    s * 900, s / 50);
}

int system_file(struct kernel *k, const char *name, char *buf, size_t size)
{
	double up = (double)kernel_monotonic(k) / 1e9;

	if (strncmp(name, "net/", 4) == 0)
		return network_file(k, name + 4, buf, size);
	if (strcmp(name, "meminfo") == 0)
		return memory_info(k, buf, size);
	if (strcmp(name, "vmstat") == 0)
		return memory_counts(k, buf, size);
	if (strcmp(name, "swaps") == 0)
		return snprintf(buf, size, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	if (strcmp(name, "cpuinfo") == 0)
		return processors(k, buf, size);
	if (strcmp(name, "stat") == 0)
		return statistics(k, buf, size);
	if (strcmp(name, "uptime") == 0)
		return snprintf(buf, size, "%.2f %.2f\n", up, up * 1.8);
	if (strcmp(name, "loadavg") == 0)
		return snprintf(buf, size, "0.03 0.05 0.04 1/112 %d\n", k->last_pid);
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (strcmp(name, settings[i].path) == 0)
			return snprintf(buf, size, "%s\n", settings[i].value);
	if (strcmp(name, "sys/net/ipv4/ping_group_range") == 0)
		return snprintf(buf, size, "%s\n", k->world->profile.ping_group ? "0\t2147483647" : "1\t0");
	return strncmp(name, "sys/kernel/", 11) == 0 ? kernel_fact(k, name + 11, buf, size) : -ENOENT;
}
