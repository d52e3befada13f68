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

int system_file(const struct kernel *k, const char *name, char *buf, size_t size)
{
	const struct profile *f = &k->world->profile;
	double up = (double)kernel_monotonic(k) / 1e9;

	if (strncmp(name, "net/", 4) == 0)
		return network_file(k, name + 4, buf, size);
	if (strcmp(name, "meminfo") == 0)
		return memory_info(k, buf, size);
	if (strcmp(name, "cpuinfo") == 0)
		return processors(k, buf, size);
	if (strcmp(name, "stat") == 0)
		return statistics(k, buf, size);
	if (strcmp(name, "uptime") == 0)
		return snprintf(buf, size, "%.2f %.2f\n", up, up * 1.8);
	if (strcmp(name, "loadavg") == 0)
		return snprintf(buf, size, "0.03 0.05 0.04 1/112 %d\n", k->last_pid);
	if (strcmp(name, "sys/kernel/hostname") == 0)
		return snprintf(buf, size, "%s\n", k->world->hostname);
	if (strcmp(name, "sys/kernel/osrelease") == 0)
		return snprintf(buf, size, "%s\n", f->kernel_release);
	if (strcmp(name, "sys/kernel/ostype") == 0)
		return snprintf(buf, size, "Linux\n");
	if (strcmp(name, "sys/kernel/pid_max") == 0)
		return snprintf(buf, size, "4194304\n");
	if (strcmp(name, "sys/kernel/ngroups_max") == 0)
		return snprintf(buf, size, "65536\n");
	return -ENOENT;
}
