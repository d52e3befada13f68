#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated shell against the real one: stdout and exit status of every command must be the same.

usage: native.py EMULATED PROFILE COMMANDS [COUNT]

The real one runs as the same user in a throw-away root made of the same profile (its packages, files, folders and applet
names), without network, in a process namespace of its own. Commands come from the list COMMANDS and from two grammars
with random constants (fixed seeds; COUNT of each). Needs root: skipped (77) without.
"""
import ctypes, fcntl, os, re, shutil, signal, socket, struct, subprocess, sys, tempfile, threading

import grammar

signal.signal(signal.SIGHUP, signal.SIG_DFL) # of who runs under nohup, the programs would be deaf to it too

SEEDS = {grammar.Pipes: 20261125, grammar.Errands: 20261126}


def setting(conf, name):
    """The text of a list or value of profile.conf."""
    found = re.search(r'(?m)^%s\s*=\s*([\[(].*?[\])]|[^;]*)\s*;' % name, conf, re.S)
    return found.group(1) if found else ''


def copy_package(package, omit, at):
    """Its files as they are on this machine, with owner and mode; what is there already stays."""
    listed = subprocess.run(['dpkg', '-L', package], stdout=subprocess.PIPE, text=True, check=True).stdout.split('\n')
    for path in sorted(p for p in listed if p.startswith('/') and p != '/.' and not p.startswith(omit)):
        to, st = at + path, os.lstat(path) if os.path.lexists(path) else None
        if st is None or os.path.lexists(to):
            continue
        os.makedirs(os.path.dirname(to), exist_ok=True)
        if os.path.islink(path):
            os.symlink(os.readlink(path), to)
            continue
        if os.path.isdir(path):
            os.mkdir(to)
        elif os.path.isfile(path):
            shutil.copyfile(path, to)
        else:
            continue
        os.chown(to, st.st_uid, st.st_gid)
        os.chmod(to, st.st_mode & 0o7777)


def copy_files(files, at):
    for folder, _, names in os.walk(files):
        to = at + folder[len(files):]
        os.makedirs(to, exist_ok=True)
        for name in names:
            path = os.path.join(folder, name)
            shutil.copyfile(path, os.path.join(to, name))
            os.chmod(os.path.join(to, name), 0o755 if os.stat(path).st_mode & 0o111 else 0o644)


def make_root(profile, conf, at):
    for path, target in re.findall(r'\{ path = "([^"]+)"; target = "([^"]+)"; \}', setting(conf, 'links')):
        os.makedirs(os.path.dirname(at + path), exist_ok=True)
        os.symlink(target, at + path)
        if not target.startswith('/') and os.path.dirname(path) == '/':
            os.makedirs(at + '/' + target, exist_ok=True)
    copy_files(os.path.join(profile, 'files'), at)
    omit = tuple(re.findall('"([^"]+)"', setting(conf, 'omit'))) or ('//',)
    for package in re.findall('"([^"]+)"', setting(conf, 'packages')):
        copy_package(package, omit, at)
    for row in re.findall(r'\{\s*path = "([^"]+)"([^}]*)\}', setting(conf, 'folders').replace('\n', ' ')):
        path = at + row[0]
        numbers = dict(re.findall(r'(mode|uid|gid) = (\d+)', row[1]))
        if not os.path.isfile(path):
            os.makedirs(path, exist_ok=True)
        os.chown(path, int(numbers.get('uid', 0)), int(numbers.get('gid', 0)))
        os.chmod(path, int(numbers.get('mode', 0o755)))
    for path, to in re.findall(r'from = "([^"]+)"; to = "([^"]+)"', setting(conf, 'host')):
        os.makedirs(at + os.path.dirname(to), exist_ok=True)
        shutil.copy(path, at + to)
    if 'applets = ' in conf:
        with open(os.path.join(profile, 'applets')) as names:
            for name in names.read().split():
                os.makedirs(at + os.path.dirname(name), exist_ok=True)
                if not os.path.lexists(at + name):
                    os.symlink('/bin/busybox', at + name)
        os.chmod(at + '/bin/busybox', int(re.search(r'applets = \{[^}]*mode = (\d+)', conf).group(1)))
    os.makedirs(at + '/dev', exist_ok=True)
    for name, minor in (('null', 3), ('zero', 5), ('full', 7), ('random', 8), ('urandom', 9)):
        os.mknod(at + '/dev/' + name, 0o020666, os.makedev(1, minor))
        os.chmod(at + '/dev/' + name, 0o666)
    os.symlink('/proc/self/fd', at + '/dev/fd')
    os.mknod(at + '/dev/tty', 0o020666, os.makedev(5, 0))
    os.chmod(at + '/dev/tty', 0o666)
    for number, name in enumerate(('stdin', 'stdout', 'stderr')):
        os.symlink(f'/proc/self/fd/{number}', at + '/dev/' + name)


def own_network():
    """From here on this process and its children have a network of their own: nothing but lo, which is up."""
    CLONE_NEWNET, SIOCSIFFLAGS, IFF_UP = 0x40000000, 0x8914, 1
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'a network of its own')
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack('16sh22x', b'lo', IFF_UP))


def native(root, user, environment, cwd, command):
    for name in os.listdir(root + '/tmp'):
        path = os.path.join(root, 'tmp', name)
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    # the first process is root's, as on a server; when the command has ended, what it left behind may end too
    first = ('root=$1 user=$2; shift 2; chroot --userspec="$user:$user" --groups="$user" "$root" "$@"; r=$?; n=0; '
             'while set -- "$root"/proc/[0-9]*; [ $# -gt 1 ] && [ $n -lt 100 ]; do sleep 0.02; n=$((n + 1)); done; exit $r')
    words = ['unshare', '--pid', '--fork', '--kill-child', f'--mount-proc={root}/proc', 'sh', '-c', first, 'first', root, user,
             '/bin/sh', '-c', 'cd "$1" && shift && exec env -i "$@"', 'sh', cwd, *environment, 'sh', '-c', command]
    reader, writer = os.pipe()
    os.fchown(writer, int(user), int(user)) # what it prints to is its own
    done = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.DEVNULL, cwd=root,
                            start_new_session=True)
    os.close(writer)
    with open(reader, 'rb') as pipe:
        late = threading.Timer(60, os.killpg, (done.pid, signal.SIGKILL)) # --kill-child does not reach another user's
        late.start()
        out = pipe.read()
        status = done.wait()
        late.cancel()
    if status == -signal.SIGKILL and not late.is_alive():
        return 'does not end', b''
    return status if status >= 0 else 128 - status, out


def emulated(program, profile, commands):
    done = subprocess.run([program, profile], input=b''.join(c.encode() + b'\0' for c in commands), stdout=subprocess.PIPE,
                          timeout=600)
    rows = re.findall(r'(?m)^(-?\d+) "([^"]*)" ([0-9a-f]*)$', done.stdout.decode())
    if done.returncode != 0 or len(rows) != len(commands):
        sys.exit(f'{program}: {len(rows)} answers to {len(commands)} commands, exit code {done.returncode}')
    return [(int(status), bytes.fromhex(out), stop) for status, stop, out in rows]


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        print('skipped: a root of its own needs root')
        return 77
    os.setpriority(os.PRIO_PROCESS, 0, 0)  # whatever the suite is run with: commands tell how nice they are
    program, profile, listed = sys.argv[1:4]
    with open(listed) as file:
        commands = [line for line in file.read().splitlines() if line]
    for kind, seed in SEEDS.items():
        made = kind(seed)
        commands += [made.command() for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 200)]
    with open(os.path.join(profile, 'profile.conf')) as file:
        conf = file.read()
    environment = re.findall(r'"([^"]*)"', setting(conf, 'environment'))
    cwd = setting(conf, 'cwd').strip('"')
    user = re.search(r'user = \{ uid = (\d+)', conf).group(1)
    own_network()
    answers = emulated(program, profile, commands)
    differ = 0
    with tempfile.TemporaryDirectory(prefix='konseki-native.') as root:
        os.chmod(root, 0o755)
        make_root(profile, conf, root)
        for command, (status, out, stop) in zip(commands, answers):
            real = native(root, user, environment, cwd, command)
            if real != (status, out) or stop != 'exit' and status < 128:
                differ += 1
                print(f'DIFFERS: {command}\n  native   {real[0]} {real[1][-300:]}\n  emulated {status} {out[-300:]} ({stop})')
    print(f'{len(commands) - differ} of {len(commands)} commands print and end the same')
    return 1 if differ else 0


if __name__ == '__main__':
    sys.exit(main())
