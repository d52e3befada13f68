; SPDX-License-Identifier: GPL-2.0-or-later
; Starts a program for ever.
; stops: processes
%include "way32.inc"
	function "kernel32.dll", "WinExec"
	mov esi, eax
.more:
	push 0
	text "hostname"
	call esi
	jmp .more
