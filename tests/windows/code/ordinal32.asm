; SPDX-License-Identifier: GPL-2.0-or-later
; Winsock by the ordinals that it has always had.
; expect: connect 198.51.100.3 6667
%include "way32.inc"
	sub esp, 0x200
	mov edi, esp
	text "wsock32"
	call [ebp + 4]
	mov esi, eax
	push 115
	push esi
	call [ebp]
	push edi
	push 0x101
	call eax
	push 23
	push esi
	call [ebp]
	push 0
	push 1
	push 2
	call eax
	mov dword [edi], 0x0b1a0002
	mov dword [edi + 4], 0x036433c6
	push 16
	push edi
	push eax
	push 4
	push esi
	call [ebp]
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
