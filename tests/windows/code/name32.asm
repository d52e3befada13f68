; SPDX-License-Identifier: GPL-2.0-or-later
; A name is looked up, and a datagram goes to what it is.
; expect: dns probe.example.org
; expect: send 17 hello
%include "way32.inc"
	sub esp, 0x200
	mov edi, esp
	function "ws2_32.dll", "WSAStartup"
	push edi
	push 0x101
	call eax
	function "ws2_32.dll", "gethostbyname"
	text "probe.example.org"
	call eax
	mov eax, [eax + 0x0c]
	mov eax, [eax]
	mov eax, [eax]
	mov dword [edi], 0x35050002
	mov [edi + 4], eax
	function "ws2_32.dll", "socket"
	push 17
	push 2
	push 2
	call eax
	mov esi, eax
	function "ws2_32.dll", "sendto"
	push 16
	push edi
	push 0
	push 5
	text "hello"
	push esi
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
