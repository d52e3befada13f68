/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the folders that a log lies in say of its samples. */
#ifndef CONTROL_IOCGEN_READ_FOLDER_H
#define CONTROL_IOCGEN_READ_FOLDER_H

#include "control/iocgen/read/read.h"

/*
 * Below the folder that was named: benign/… (or clean, goodware) is ordinary software, malware/FAMILY/… (or malicious) malware of that
 * family. Borrows the path. What is known already stays. Pure.
 */
struct read_given folder_given(const struct read_given *);

#endif
