; SPDX-License-Identifier: GPL-2.0-or-later
; Calls itself until the stack ends.
; stops: signal
%include "way32.inc"
.more:
	call .more
