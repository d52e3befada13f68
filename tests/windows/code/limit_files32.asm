; SPDX-License-Identifier: GPL-2.0-or-later
; Writes a file that grows for ever.
; stops: files
%include "way32.inc"
	function "kernel32.dll", "CreateFileA"
	push 0
	push 0x80
	push 2
	push 0
	push 0
	push 0x40000000
	text "C:\Windows\Temp\big"
	call eax
	mov edi, eax
	function "kernel32.dll", "VirtualAlloc"
	push 0x40
	push 0x3000
	push 0x100000
	push 0
	call eax
	mov esi, eax
.more:
	function "kernel32.dll", "WriteFile"
	push 0
	lea ecx, [ebp + 8]
	push ecx
	push 0x100000
	push esi
	push edi
	call eax
	jmp .more
