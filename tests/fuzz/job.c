/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream of frames with jobs in them: what decodes is encoded to the same bytes. */
#include "control/wire/frame.h"
#include "control/wire/job.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_job(struct bytes body)
{
	struct bytes at = body, written;
	struct job j;
	uint8_t *raw;
	struct sink s;

	if (job_decode(&at, &j) < 0)
		return;
	if ((raw = malloc(body.left + 1)) == NULL)
		return;
	s = sink_over(raw, body.left);
	job_encode(&s, &j);
	if (sink_done(&s, &written) < 0 || !bytes_equal(written, bytes_of(body.at, body.left - at.left)))
		abort();
	free(raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes stream = bytes_of(data, size);
	struct frame f;

	while (frame_take(&stream, JOB_SAMPLE_MAX + JOB_REQUEST_MAX + JOB_PROFILE_MAX + 64, &f, NULL) == 0)
		try_job(f.body);
	try_job(bytes_of(data, size));
	return 0;
}
