; SPDX-License-Identifier: GPL-2.0-or-later
; A function of kernel32 is written over with a jump to another, in this process alone.
; expect: exec C:\Windows\System32\tasklist.exe tasklist /v
%include "way32.inc"
	function "kernel32.dll", "Beep"
	mov edi, eax
	function "kernel32.dll", "WinExec"
	mov esi, eax
	function "kernel32.dll", "VirtualProtect"
	lea ecx, [ebp + 8]
	push ecx
	push 0x40
	push 5
	push edi
	call eax
	test eax, eax
	jz odd
	mov byte [edi], 0xe9
	sub esi, edi
	sub esi, 5
	mov [edi + 1], esi
	push 1
	text "tasklist /v"
	call edi
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
odd:
	ud2
