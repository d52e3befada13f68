#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""C programs of our own, the same file run by the emulated kernel and by the real one: stdout and exit status are the same.

usage: programs.py PROGRAM PROFILE

Each file of programs/ is built by cc, static (where there is a static libc) and against the shared libc, and run as the
profile's user in a throw-away root of the profile, as native.py makes it. Needs root: skipped (77) without.
"""
import difflib, glob, os, re, subprocess, sys, tempfile

import native

HERE = os.path.join(os.path.dirname(os.path.realpath(__file__)), 'programs')


def build(source, to, *flags):
    return subprocess.run(['cc', '-O1', '-w', '-D_GNU_SOURCE', '-pthread', *flags, '-o', to, source], stderr=subprocess.PIPE)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        print('skipped: a root of its own needs root')
        return 77
    program, profile = os.path.realpath(sys.argv[1]), sys.argv[2]
    with open(os.path.join(profile, 'profile.conf')) as file:
        conf = file.read()
    environment = re.findall(r'"([^"]*)"', native.setting(conf, 'environment'))
    user = re.search(r'user = \{ uid = (\d+)', conf).group(1)
    failed = 0
    native.own_network()
    with tempfile.TemporaryDirectory(prefix='konseki-native.') as root:
        os.chmod(root, 0o755)
        native.make_root(profile, conf, root)
        for source in sorted(glob.glob(HERE + '/*.c')):
            for kind, flags in (('static', ['-static-pie']), ('shared', ['-fPIE', '-pie'])):
                name = f'{os.path.basename(source)} {kind}'
                built = build(source, root + '/program', *flags)
                if built.returncode != 0:
                    if kind == 'shared' or b'cannot find -lc' not in built.stderr:
                        sys.exit(built.stderr.decode())
                    print(f'skipped: {name}: there is no static libc')
                    continue
                real = native.native(root, user, environment, '/tmp', 'exec /program')
                done = subprocess.run([program, profile, root + '/program'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      timeout=120)
                if real == (done.returncode, done.stdout):
                    print(f'the same: {name}, {real[1].count(10)} lines')
                    continue
                failed += 1
                print(f'DIFFERS: {name}: native ended {real[0]}, emulated {done.returncode}; {done.stderr.decode(errors="replace")[-200:]}')
                print('\n'.join(difflib.unified_diff(real[1].decode(errors='replace').split('\n'),
                                                     done.stdout.decode(errors='replace').split('\n'), 'native', 'emulated', lineterm='')))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
