/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job for an emulation worker: control/queue sends it, emu/pool/worker answers with a report. */
#ifndef CONTROL_WIRE_JOB_H
#define CONTROL_WIRE_JOB_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum {
	JOB_CODE_MAX = 64 << 10,   /* bytes of attack code; longer code is cut by extract and says so */
	JOB_SAMPLE_MAX = 16 << 20, /* of a program or script that is a file: `emulate --language elf` */
	JOB_REQUEST_MAX = 64 << 10, /* bytes of a request (of what came after machine code): what a script reads of it stands in the beginning */
	JOB_PROFILE_MAX = 64,      /* bytes of a profile's name */
};

/*
 * The frames (control/wire/frame.h) of an emulation pool. FRAME_READY from the zygote carries one worker's socket by
 * SCM_RIGHTS; from a worker it says that it takes a job now. A worker that is to be replaced says no more READY after
 * its report and closes, so that no job is sent into a closing socket.
 */
enum frame_kind { FRAME_JOB = 1, FRAME_REPORT, FRAME_READY };

struct known;
struct job {
	uint64_t id;
	enum language language;
	struct bytes code;      /* borrowed */
	struct bytes request;   /* borrowed: head and body of the HTTP/1 request that brought the code; "": none is known */
	struct bytes profile;   /* "": every profile of the pool; else this one only */
	bool runs;              /* send all that the runs printed (emulate, case), not the beginnings alone */
	uint64_t seed;          /* of the guest's randomness; fixed by control from the code's digest */
	struct known *known;    /* never sent: what runs of this job gave already (emu/trace/known.h); NULL: nothing */
	bool unturned;          /* never sent: nobody asks what hangs on the victim, its questions are not turned round */
	/* machine code: what the worker's search has found, never sent */
	uint32_t entry;         /* the offset where it begins */
	bool thumb;             /* ARM: in Thumb state */
	uint8_t registers;      /* what it finds in its registers */
	bool bsd;               /* it calls a BSD kernel */
};

void job_encode(struct sink *, const struct job *);
must_check int job_decode(struct bytes *, struct job *ret);

#endif
