/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weighted longest common subsequence by dynamic programming (Wagner and Fischer 1974), bounded by ALIGN_MAX. */
#include "emu/trace/align.h"

void align(unsigned a, unsigned b, const struct align_by *by, uint32_t *cells, uint16_t *ret)
{
	unsigned width = b + 1, i = 0, j = 0;

	/* cells[i][j]: the best that a[i..] and b[j..] can reach */
	for (unsigned k = 0; k <= a; k++)
		cells[k * width + b] = 0;
	for (unsigned k = 0; k <= b; k++)
		cells[a * width + k] = 0;
	for (unsigned x = a; x-- > 0;) {
		for (unsigned y = b; y-- > 0;) {
			uint32_t down = cells[(x + 1) * width + y], right = cells[x * width + y + 1];
			uint32_t best = down > right ? down : right;
			unsigned weight = by->weight(by->context, x, y);

			if (weight > 0 && cells[(x + 1) * width + y + 1] + weight > best)
				best = cells[(x + 1) * width + y + 1] + weight;
			cells[x * width + y] = best;
		}
	}
	/* Of equal ways the one that takes partners early: what b has beyond a stands at the end then. */
	while (i < a) {
		uint32_t here = cells[i * width + j];
		unsigned weight = j < b ? by->weight(by->context, i, j) : 0;

		if (weight > 0 && here == cells[(i + 1) * width + j + 1] + weight)
			ret[i++] = (uint16_t)j++;
		else if (here == cells[(i + 1) * width + j])
			ret[i++] = ALIGN_NONE;
		else
			j++;
	}
}
