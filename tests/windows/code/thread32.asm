; SPDX-License-Identifier: GPL-2.0-or-later
; The connection is another thread's; the first one waits for it.
; expect: sleep 3
; expect: connect 192.0.2.44 9001
; expect: send 6 ready
%include "way32.inc"
	sub esp, 0x200
	mov edi, esp
	function "ws2_32.dll", "WSAStartup"
	push edi
	push 0x202
	call eax
	function "kernel32.dll", "CreateThread"
	push 0
	push 0
	push ebp
	call .over
	mov ebp, [esp + 4]
	function "kernel32.dll", "Sleep"
	push 3000
	call eax
	function "ws2_32.dll", "socket"
	push 6
	push 1
	push 2
	call eax
	mov esi, eax
	sub esp, 16
	mov edi, esp
	mov dword [edi], 0x29230002
	mov dword [edi + 4], 0x2c0200c0
	function "ws2_32.dll", "connect"
	push 16
	push edi
	push esi
	call eax
	function "ws2_32.dll", "send"
	push 0
	push 5
	text "ready"
	push esi
	call eax
	add esp, 16
	xor eax, eax
	ret 4
.over:
	push 0
	push 0
	call eax
	mov esi, eax
	function "kernel32.dll", "WaitForSingleObject"
	push -1
	push esi
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
