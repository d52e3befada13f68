; SPDX-License-Identifier: GPL-2.0-or-later
; Waits for ever.
; stops: time
%include "way32.inc"
	function "kernel32.dll", "Sleep"
	push -1
	call eax
