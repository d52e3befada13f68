; SPDX-License-Identifier: GPL-2.0-or-later
; Calls functions behind their first five bytes, where a watcher might have put a jump.
; expect: exec C:\Windows\System32\net.exe net user
%include "way32.inc"
	function "kernel32.dll", "WinExec"
	cmp dword [eax], 0x8b55ff8b
	jne .watched
	push 1
	text "net user"
	call .jump
.back:
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
.watched:
	ud2
.jump:
	push ebp
	mov ebp, esp
	add eax, 5
	jmp eax
