; SPDX-License-Identifier: GPL-2.0-or-later
; Goes where memory of zeroes begins, as code does whose stage never came: to translate it costs more than to run it.
; stops: blocks
%include "way32.inc"
	function "kernel32.dll", "VirtualAlloc"
	push 0x40
	push 0x3000
	push 0x1000000
	push 0
	call eax
	jmp eax
