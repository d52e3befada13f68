/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job as bytes. Sender: control/queue/worker.c; receiver: emu/pool/worker.c. */
#include "control/wire/job.h"

#include <errno.h>

void job_encode(struct sink *s, const struct job *j)
{
	sink_u64le(s, j->id);
	sink_u8(s, (uint8_t)j->language);
	sink_u8(s, j->runs);
	sink_u64le(s, j->seed);
	sink_run(s, j->profile);
	sink_run(s, j->code);
	sink_run(s, j->request);
}

int job_decode(struct bytes *b, struct job *ret)
{
	struct bytes at = *b;
	struct job j = { 0 };
	uint8_t language, runs;

	if (bytes_u64le(&at, &j.id) < 0 || bytes_u8(&at, &language) < 0 || bytes_u8(&at, &runs) < 0 ||
	    bytes_u64le(&at, &j.seed) < 0 || bytes_run(&at, JOB_PROFILE_MAX, &j.profile) < 0 ||
	    bytes_run(&at, JOB_SAMPLE_MAX, &j.code) < 0 || bytes_run(&at, JOB_REQUEST_MAX, &j.request) < 0)
		return -EBADMSG;
	if (language >= LANGUAGE_COUNT || runs > 1)
		return -EBADMSG;
	j.language = (enum language)language;
	j.runs = runs == 1;
	*ret = j;
	*b = at;
	return 0;
}
