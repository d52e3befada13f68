; SPDX-License-Identifier: GPL-2.0-or-later
; A vectored handler moves on behind a fault.
; expect: exec C:\Windows\System32\hostname.exe hostname
%include "way64.inc"
	function "kernel32.dll", "AddVectoredExceptionHandler"
	mov ecx, 1
	lea rdx, [handler]
	call rax
	xor eax, eax
	mov rbx, 5
	mov [rax], rbx
	ud2                        ; three bytes of the fault are skipped, and these two
	function "kernel32.dll", "WinExec"
	lea rcx, [command]
	mov edx, 1
	call rax
	function "kernel32.dll", "ExitProcess"
	xor ecx, ecx
	call rax
handler:
	mov rax, [rcx + 8]
	add qword [rax + 0xf8], 5
	mov eax, -1
	ret
command:
	db "hostname", 0
