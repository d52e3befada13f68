; SPDX-License-Identifier: GPL-2.0-or-later
; A request by winhttp, texts in UTF-16.
; expect: connect 203.0.113.20 80
; expect: fetch http://203.0.113.20/w
%include "way64.inc"
	function "winhttp.dll", "WinHttpOpen"
	xor ecx, ecx
	xor edx, edx
	xor r8d, r8d
	xor r9d, r9d
	mov qword [rsp + 0x20], 0
	call rax
	mov rsi, rax
	function "winhttp.dll", "WinHttpConnect"
	mov rcx, rsi
	lea rdx, [server]
	mov r8d, 80
	xor r9d, r9d
	call rax
	mov rsi, rax
	function "winhttp.dll", "WinHttpOpenRequest"
	mov rcx, rsi
	lea rdx, [verb]
	lea r8, [path]
	xor r9d, r9d
	mov qword [rsp + 0x20], 0
	mov qword [rsp + 0x28], 0
	mov qword [rsp + 0x30], 0
	call rax
	mov rsi, rax
	function "winhttp.dll", "WinHttpSendRequest"
	mov rcx, rsi
	xor edx, edx
	xor r8d, r8d
	xor r9d, r9d
	mov qword [rsp + 0x20], 0
	mov qword [rsp + 0x28], 0
	mov qword [rsp + 0x30], 0
	call rax
	function "kernel32.dll", "ExitProcess"
	xor ecx, ecx
	call rax
server:
	dw __utf16__("203.0.113.20"), 0
verb:
	dw __utf16__("GET"), 0
path:
	dw __utf16__("/w"), 0
