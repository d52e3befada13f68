/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting DPDK, and its devices one by one. */
#include "dataplane/port/device.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <rte_lcore.h>

enum { ARGS_MAX = 32, LIST_SIZE = 4096, RX_DESCRIPTORS = 1024, TX_DESCRIPTORS = 512, KEY_MAX = 64 };

/* The processors that this program may use. */
static unsigned allowed_cpus(unsigned *ret, unsigned max)
{
	cpu_set_t set;
	unsigned n = 0;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 0;
	for (unsigned i = 0; i < CPU_SETSIZE && n < max; i++)
		if (CPU_ISSET(i, &set))
			ret[n++] = i;
	return n;
}

/* "(0,1)": every processor that is allowed. */
static void put_all(char *to, size_t size, const unsigned *cpus, unsigned count)
{
	size_t used = strlen(to);

	for (unsigned i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(to + used, size - used, "%c%u", i == 0 ? '(' : ',', cpus[i]);
	if (used < size)
		snprintf(to + used, size - used, ")");
}

bool eal_pins(const struct eal_wish *w)
{
	unsigned cpus[RTE_MAX_LCORE];

	return w->pin && w->lanes + w->receiver < allowed_cpus(cpus, RTE_MAX_LCORE);
}

/*
 * lcore 0 is the calling thread, lane i is lcore i + 1, behind them the receiver. Pinned ones take the last processors,
 * one each; unpinned ones go where the kernel likes.
 */
static void lcore_list(const struct eal_wish *w, char *to, size_t size)
{
	unsigned cpus[RTE_MAX_LCORE];
	unsigned count = allowed_cpus(cpus, RTE_MAX_LCORE);
	unsigned busy = w->lanes + w->receiver;
	bool pin = eal_pins(w);
	size_t used;

	snprintf(to, size, pin ? "0@" : "(0-%u)@", busy);
	put_all(to, size, cpus, count);
	for (unsigned i = 0; pin && i < busy; i++) {
		used = strlen(to);
		snprintf(to + used, size - used, ",%u@%u", i + 1, cpus[count - busy + i]);
	}
}

int eal_start(const struct eal_wish *w, char *why, size_t why_size)
{
	static char lcores[LIST_SIZE]; /* the EAL keeps pointers into its arguments */
	static char memory[16];
	const char *fixed[] = { "konseki-dataplane", "--no-telemetry", "--log-level=4", "--main-lcore=0", "--lcores" };
	char *args[ARGS_MAX];
	int n = 0;

	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		args[n++] = strdup(fixed[i]);
	lcore_list(w, lcores, sizeof(lcores));
	args[n++] = lcores;
	if (w->hugepages) {
		args[n++] = strdup("--in-memory");
	} else {
		snprintf(memory, sizeof(memory), "%u", w->memory_mb);
		args[n++] = strdup("--no-huge");
		args[n++] = strdup("--no-shconf");
		args[n++] = strdup("-m");
		args[n++] = memory;
	}
	if (w->pci_count == 0 && w->pci_later) {
		args[n++] = strdup("-a"); /* only named ones, and this one is none */
		args[n++] = strdup("ffff:ff:1f.7");
	} else if (w->pci_count == 0) {
		args[n++] = strdup("--no-pci");
	}
	for (unsigned i = 0; i < w->pci_count; i++) {
		args[n++] = strdup("-a");
		args[n++] = strdup(w->pci[i]);
	}
	args[n] = NULL;
	if (rte_eal_init(n, args) >= 0)
		return 0;
	snprintf(why, why_size, "DPDK cannot start: %s", rte_strerror(rte_errno));
	return -EIO;
}

void eal_stop(void)
{
	rte_eal_cleanup();
}

int eal_launch(unsigned lane, int (*fn)(void *), void *arg)
{
	return rte_eal_remote_launch(fn, arg, lane + 1);
}

int eal_launch_receiver(int (*fn)(void *), void *arg)
{
	return rte_eal_remote_launch(fn, arg, rte_lcore_count() - 1);
}

void eal_join(void)
{
	rte_eal_mp_wait_lcore();
}

/*
 * Both directions to one queue, by addresses alone, so that fragments go with their flow: with this key the Toeplitz
 * hash does not depend on the order of the addresses.
 */
static void want_spreading(const struct rte_eth_dev_info *info, uint8_t *key, struct rte_eth_conf *conf)
{
	if (info->hash_key_size > KEY_MAX)
		return;
	for (unsigned i = 0; i < KEY_MAX; i += 2) {
		key[i] = 0x6d;
		key[i + 1] = 0x5a;
	}
	conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf->rx_adv_conf.rss_conf.rss_key = key;
	conf->rx_adv_conf.rss_conf.rss_key_len = info->hash_key_size;
	conf->rx_adv_conf.rss_conf.rss_hf = info->flow_type_rss_offloads & (RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 |
	                                    RTE_ETH_RSS_IPV6 | RTE_ETH_RSS_FRAG_IPV6);
}

static int port_start(uint16_t port, struct rte_mempool *pool, unsigned queues)
{
	struct rte_eth_dev_info info;
	struct rte_eth_conf conf = { 0 };
	uint8_t key[KEY_MAX];
	uint16_t rx = RX_DESCRIPTORS, tx = TX_DESCRIPTORS;
	int r;

	if ((r = rte_eth_dev_info_get(port, &info)) < 0)
		return r;
	if (queues > 1)
		want_spreading(&info, key, &conf);
	if ((r = rte_eth_dev_configure(port, (uint16_t)queues, 1, &conf)) < 0 ||
	    (r = rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx, &tx)) < 0)
		return r;
	for (uint16_t q = 0; q < queues; q++)
		if ((r = rte_eth_rx_queue_setup(port, q, rx, SOCKET_ID_ANY, NULL, pool)) < 0)
			return r;
	if ((r = rte_eth_tx_queue_setup(port, 0, tx, SOCKET_ID_ANY, NULL)) < 0 || (r = rte_eth_dev_start(port)) < 0)
		return r;
	/* a tap must see what is not addressed to it; files and some vdevs cannot be told so, and need not */
	(void)rte_eth_promiscuous_enable(port);
	return 0;
}

static bool is_vdev(const char *name)
{
	return strncmp(name, "net_", 4) == 0;
}

int device_open(const char *name, const char *args, struct rte_mempool *pool, unsigned queues, uint16_t *ret)
{
	uint16_t port;
	int r;

	if (is_vdev(name) && rte_eal_hotplug_add("vdev", name, args) < 0)
		return -ENODEV;
	/* a card that was the kernel's when the EAL looked */
	if (rte_eth_dev_get_port_by_name(name, &port) < 0 &&
	    (is_vdev(name) || rte_eal_hotplug_add("pci", name, "") < 0 || rte_eth_dev_get_port_by_name(name, &port) < 0))
		return -ENODEV;
	if ((r = port_start(port, pool, queues)) < 0) {
		device_close(name, port);
		return r;
	}
	*ret = port;
	return 0;
}

void device_close(const char *name, uint16_t port)
{
	(void)rte_eth_dev_stop(port);
	(void)rte_eth_dev_close(port);
	if (is_vdev(name))
		(void)rte_eal_hotplug_remove("vdev", name);
}

unsigned device_queues(const char *name)
{
	struct rte_eth_dev_info info;
	uint16_t port;

	/* a vdev's number is known only once it is open, and none of them can spread by address pair */
	if (is_vdev(name) || rte_eth_dev_get_port_by_name(name, &port) < 0 || rte_eth_dev_info_get(port, &info) < 0)
		return 1;
	return info.flow_type_rss_offloads & RTE_ETH_RSS_IPV4 ? info.max_rx_queues : 1;
}

void device_losses(const struct feed *f, struct device_losses *ret)
{
	*ret = (struct device_losses){ 0 };
	for (unsigned i = 0; i < f->ports_count; i++) {
		struct rte_eth_stats stats;

		if (rte_eth_stats_get(f->ports[i], &stats) < 0)
			continue;
		ret->missed += stats.imissed;
		ret->no_memory += stats.rx_nombuf;
		ret->errors += stats.ierrors;
	}
}
