; SPDX-License-Identifier: GPL-2.0-or-later
; A command by WinExec, then ExitProcess, by any way and any hash.
; expect: exec C:\Windows\System32\whoami.exe whoami /all
%include "way32.inc"
	function "kernel32.dll", "WinExec"
	push 1
	text "whoami /all"
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
