/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replays a corpus through a fuzz target without libFuzzer: every input whole, and cut short at several lengths. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

enum {
	CUTS = 16,             /* an input is also tried at this many shorter lengths: cut captures are ordinary */
	INPUT_MAX = 16 << 20,  /* bytes; a corpus holds small files */
};

/* In a block of its exact size, so that a sanitizer sees the first byte read beyond it. */
static int try_bytes(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (copy == NULL)
		return -ENOMEM;
	if (size > 0)
		memcpy(copy, data, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 0;
}

static int try_cuts(const uint8_t *data, size_t size)
{
	int r = try_bytes(data, size);

	for (size_t i = 0; r == 0 && i < CUTS && i < size; i++)
		r = try_bytes(data, size * i / CUTS);
	return r;
}

static int replay_file(const char *path)
{
	int r = -EIO;
	uint8_t *data = NULL;
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (f == NULL || fstat(fileno(f), &st) < 0 || st.st_size > INPUT_MAX)
		goto out;
	data = malloc((size_t)st.st_size + 1);
	if (data == NULL || fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		goto out;
	r = try_cuts(data, (size_t)st.st_size);
out:
	if (r < 0)
		fprintf(stderr, "%s: cannot be read\n", path);
	free(data);
	if (f != NULL)
		fclose(f);
	return r;
}

/* Returns how many inputs were replayed, or -errno. */
static int replay_folder(const char *folder)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, NULL, alphasort), done = 0;

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		char path[4096];

		if (names[i]->d_name[0] != '.' && done >= 0) {
			snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
			done = replay_file(path) < 0 ? -EIO : done + 1;
		}
		free(names[i]);
	}
	free(names);
	return done;
}

int main(int argc, char **argv)
{
	int total = 0;

	if (LLVMFuzzerInitialize != NULL && LLVMFuzzerInitialize(&argc, &argv) != 0)
		return 1;
	for (int i = 1; i < argc; i++) {
		struct stat st;
		int n = -ENOENT;

		if (stat(argv[i], &st) == 0)
			n = S_ISDIR(st.st_mode) ? replay_folder(argv[i]) : replay_file(argv[i]) == 0 ? 1 : -EIO;
		if (n <= 0) {
			fprintf(stderr, "%s: no inputs to replay\n", argv[i]);
			return 1;
		}
		total += n;
	}
	printf("%d inputs replayed\n", total);
	return total > 0 ? 0 : 1;
}
