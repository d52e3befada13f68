# SPDX-License-Identifier: GPL-2.0-or-later
"""The same machine code on a real kernel: as a program of its own in a namespace sandbox, under strace or in qemu-user.

Nobody's user, no network but an own loopback, an own process tree, everything read-only, a few seconds, few processes.
"""
import os, re, shutil, struct, subprocess, tempfile

# ELF machine, class, endianness, how it is run
MACHINES = {
    'x86': (3, 1, 1, None), 'x86-64': (62, 2, 1, None), 'arm': (40, 1, 1, 'qemu-arm'), 'aarch64': (183, 2, 1, 'qemu-aarch64'),
    'mips': (8, 1, 2, 'qemu-mips'), 'mipsel': (8, 1, 1, 'qemu-mipsel'), 'powerpc': (20, 1, 2, 'qemu-ppc'),
}
BASE = 0x400000
SECONDS = 1


def program(language, code, entry=0):
    """An ELF file whose one segment is the code, to be written and executed; registers begin as the kernel leaves them."""
    machine, wide, endian, _ = MACHINES[language]
    order = '<' if endian == 1 else '>'
    head, part = (64, 56) if wide == 2 else (52, 32)
    start = 0x1000
    at = BASE + start + entry
    flags = {'arm': 0x05000200, 'mips': 0x50001007, 'mipsel': 0x50001007}.get(language, 0)
    ident = b'\x7fELF' + bytes([wide, endian, 1, 0]) + bytes(8)
    size = len(code) + 0x4000
    if wide == 2:
        out = ident + struct.pack(order + 'HHIQQQIHHHHHH', 2, machine, 1, at, head, 0, flags, head, part, 1, 0, 0, 0)
        out += struct.pack(order + 'IIQQQQQQ', 1, 7, 0, BASE, BASE, start + len(code), start + size, 0x1000)
    else:
        out = ident + struct.pack(order + 'HHIIIIIHHHHHH', 2, machine, 1, at, head, 0, flags, head, part, 1, 0, 0, 0)
        out += struct.pack(order + 'IIIIIIII', 1, 0, BASE, BASE, start + len(code), start + size, 7, 0x1000)
    return out.ljust(start, b'\0') + code


def cannot(language):
    """Why there is no oracle for this language here; None: there is."""
    if os.geteuid() != 0:
        return 'namespaces need root'
    emulator = MACHINES[language][3]
    for tool in ('unshare', 'setpriv', 'strace', emulator):
        if tool and not shutil.which(tool):
            return f'{tool} is not installed'
    return None


def run(language, code, entry=0):
    """What it did: a list of ('connect', address, port), ('listen', port), ('exec', path, argv)."""
    emulator = MACHINES[language][3]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = os.path.join(folder, 'code')
        with open(path, 'wb') as file:
            file.write(program(language, code, entry))
        os.chmod(path, 0o755)
        nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--no-new-privs', '--inh-caps=-all',
                  '--bounding-set=-all']
        inner = ['strace', '-f', '-qq', '-s', '256', '-e', 'trace=network,execve,execveat', '-e', 'signal=none'] + nobody + ([shutil.which(emulator)] if emulator else []) + [path]
        script = ('mount --make-rprivate / && mount -o remount,bind,ro / && ip link set lo up 2>/dev/null; '
                  'echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null; '
                  f'mount -t tmpfs none /proc/sys 2>/dev/null; ulimit -p 64 -t {SECONDS} -f 2048 -c 0; exec "$@"')
        words = ['timeout', '-s', 'KILL', str(SECONDS), 'unshare', '--net', '--pid', '--mount', '--ipc', '--uts', '--fork',
                 '--kill-child', 'sh', '-c', script, 'sh'] + inner
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)
        return list(events(done.stderr.decode('latin1'), path))


def events(text, own):
    port_of = {}
    begun = False
    for line in text.splitlines():
        call = re.search(r'\b(connect|bind|listen|sendto|execve)\((.*)', line)
        if not call or 'resumed>' in line:
            continue
        name, rest = call[1], call[2]
        # what stands before the code's own start is setpriv's and qemu's
        if name == 'execve' and own in rest:
            begun = True
            continue
        if not begun or re.search(r'= -1 (EBADF|EFAULT|EINVAL|EAFNOSUPPORT|ENOTSOCK|EACCES|ENOENT)', line):
            continue
        address = re.search(r'sin6?_port=htons\((\d+)\)', line)
        host = re.search(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', line)
        fd = re.match(r'(\d+)', rest)
        if name in ('connect', 'sendto') and address and host:
            yield 'connect', host[1] or host[2], int(address[1])
        elif name == 'bind' and fd and address:
            port_of[fd[1]] = int(address[1])
        elif name == 'listen' and fd:
            yield 'listen', port_of.get(fd[1], 0)
        elif name == 'execve':
            path = re.match(r'"((?:[^"\\]|\\.)*)"', rest)
            argv = re.search(r', \[(.*?)\]', rest)
            if path:
                yield 'exec', path[1], re.findall(r'"((?:[^"\\]|\\.)*)"', argv[1]) if argv else []
