; SPDX-License-Identifier: GPL-2.0-or-later
; Memory by a system call of its own, its number read from ntdll; code is copied there and runs.
; expect: exec C:\Windows\System32\nslookup.exe nslookup
%include "way64.inc"
	function "ntdll.dll", "NtAllocateVirtualMemory"
	cmp dword [rax], 0xb8d18b4c
	jne odd
	mov eax, [rax + 4]
	mov qword [rbp + 0x10], 0
	mov qword [rbp + 0x18], 0x1000
	or rcx, -1
	lea rdx, [rbp + 0x10]
	xor r8d, r8d
	lea r9, [rbp + 0x18]
	mov qword [rsp + 0x20], 0x3000
	mov qword [rsp + 0x28], 0x40
	call direct
	test eax, eax
	jnz odd
	mov rdi, [rbp + 0x10]
	lea rsi, [code]
	mov ecx, code_end - code
	rep movsb
	function "kernel32.dll", "WinExec"
	lea rcx, [command]
	mov edx, 1
	call [rbp + 0x10]
	function "kernel32.dll", "ExitProcess"
	xor ecx, ecx
	call rax
odd:
	ud2
direct:
	mov r10, rcx
	syscall
	ret
code:
	jmp rax
code_end:
command:
	db "nslookup", 0
