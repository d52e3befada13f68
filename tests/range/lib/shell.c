/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The /bin/sh of a server in the range: the real dash with -x; trace.so takes the steps from its stderr to the truth. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DASH "/usr/lib/range/dash"

int main(int argc, char **argv)
{
	char **words = calloc((size_t)argc + 2, sizeof(*words));

	if (words != NULL && argc > 2 && argv[1][0] == '-' && strchr(argv[1], 'c') != NULL) {
		words[0] = argv[0];
		words[1] = (char *)(unsigned long)"-x";
		for (int i = 1; i < argc; i++)
			words[i + 1] = argv[i];
		setenv("LD_PRELOAD", "/usr/lib/range/trace.so", 1);
		execv(DASH, words);
	}
	execv(DASH, argv);
	return 127;
}
