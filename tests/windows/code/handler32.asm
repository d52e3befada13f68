; SPDX-License-Identifier: GPL-2.0-or-later
; Finds itself by an exception: the handler sees where it was, and goes on behind it.
; expect: exec C:\Windows\System32\hostname.exe hostname
bits 32
	call .here
.here:
	pop eax
	add eax, handler - .here
	push eax
	push dword [fs:0]
	mov [fs:0], esp
	xor eax, eax
	mov ecx, 7
	mov edx, 3
	mov [eax], ecx             ; nothing is there; six bytes of code are skipped
	mov ecx, 9
	cmp ecx, 7                 ; what was skipped would have changed it
	jne bad
	cmp edx, 3
	jne bad
	pop dword [fs:0]
	pop eax
	jmp rest
bad:
	ud2
handler:
	mov eax, [esp + 0x0c]      ; the context
	mov ecx, [esp + 4]
	cmp dword [ecx], 0xc0000005
	jne .not
	mov edx, [eax + 0xb8]
	cmp edx, [ecx + 0x0c]
	jne .not
	add dword [eax + 0xb8], 7
	xor eax, eax
	ret
.not:
	mov eax, 1
	ret
rest:
%include "way32.inc"
	function "kernel32.dll", "WinExec"
	push 1
	text "hostname"
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
