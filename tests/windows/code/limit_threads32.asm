; SPDX-License-Identifier: GPL-2.0-or-later
; Makes threads that make threads.
; stops: processes
%include "way32.inc"
	call .here
.here:
	pop edi
	add edi, again - .here
again:
	function "kernel32.dll", "CreateThread"
	push 0
	push 0
	push 0
	push edi
	push 0
	push 0
	call eax
	jmp again
