; SPDX-License-Identifier: GPL-2.0-or-later
; Makes events for ever.
; stops: descriptors
%include "way32.inc"
	function "kernel32.dll", "CreateEventA"
	mov esi, eax
.more:
	push 0
	push 0
	push 0
	push 0
	call esi
	jmp .more
