; SPDX-License-Identifier: GPL-2.0-or-later
; Counts for ever.
; stops: blocks
%include "way32.inc"
	xor ecx, ecx
.more:
	inc ecx
	jmp .more
