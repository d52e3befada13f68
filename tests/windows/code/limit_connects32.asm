; SPDX-License-Identifier: GPL-2.0-or-later
; Calls one address after another for ever.
; stops: connects
%include "way32.inc"
	sub esp, 0x200
	mov edi, esp
	function "ws2_32.dll", "WSAStartup"
	push edi
	push 0x202
	call eax
	mov dword [edi], 0x5c110002
	mov dword [edi + 4], 0x010200c0
.more:
	function "ws2_32.dll", "socket"
	push 6
	push 1
	push 2
	call eax
	mov esi, eax
	function "ws2_32.dll", "connect"
	push 16
	push edi
	push esi
	call eax
	function "ws2_32.dll", "closesocket"
	push esi
	call eax
	inc byte [edi + 7]
	jmp .more
