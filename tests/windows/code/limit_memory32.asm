; SPDX-License-Identifier: GPL-2.0-or-later
; Takes memory for ever.
; stops: memory
%include "way32.inc"
	function "kernel32.dll", "VirtualAlloc"
	mov esi, eax
.more:
	push 0x40
	push 0x3000
	push 0x400000
	push 0
	call esi
	jmp .more
