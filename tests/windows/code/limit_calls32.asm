; SPDX-License-Identifier: GPL-2.0-or-later
; Asks what time it is for ever.
; stops: syscalls
%include "way32.inc"
	function "kernel32.dll", "GetTickCount"
	mov esi, eax
.more:
	call esi
	jmp .more
