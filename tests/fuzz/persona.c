/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests send to the recording network: DNS questions, requests for files by HTTP, FTP and TFTP, mail, echo requests. First byte: to which. */
#include "emu/world/network.h"
#include "emu/world/world.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct address far = { 4, { 203, 0, 113, 9 } };
	static const struct { uint8_t protocol; uint16_t port; bool raw; } to[] = {
		{ 17, 53, false }, { 6, 80, false }, { 1, 0, true }, { 1, 0, false }, { 17, 9, false },
		{ 6, 21, false }, { 6, 25, false }, { 6, 53, false }, { 17, 69, false }, { 6, 4444, false },
	};
	static struct world world;
	uint8_t back[8192];
	struct peer *peer;
	unsigned which;

	if (size == 0)
		return 0;
	if (world.record == NULL) {
		world.profile.resolver = far;
		if (tree_new(&world.tree) < 0 || record_new(&world.record) < 0 || network_new(&world, &world.network) < 0)
			abort();
	}
	if (world_begin(&world, size, NULL, 0) < 0)
		return 0;
	which = data[0] % COUNT_OF(to);
	if ((peer = peer_new(world.network, to[which].protocol, to[which].raw)) == NULL)
		abort();
	if (to[which].protocol == 6 && peer_connect(peer, &far, to[which].port) < 0)
		abort();
	/* in two pieces, as a stream may come */
	(void)!peer_send(peer, &far, to[which].port, bytes_of(data + 1, (size - 1) / 2));
	(void)!peer_send(peer, &far, to[which].port, bytes_of(data + 1 + (size - 1) / 2, size - 1 - (size - 1) / 2));
	(void)network_quiet(world.network);
	while (peer_receive(peer, back, sizeof(back), false, NULL, NULL) > 0)
		;
	return 0;
}
