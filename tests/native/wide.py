#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The share of scripts made by chance (scripts.py) that print and end in the emulated server as on the real machine.

usage: wide.py EMULATED PROFILE COUNT [SEED…]

COUNT scripts for each seed (default: one fixed seed). Prints every difference and the share; exit 1 below 98 %. The real
ones run as native.py does it: needs root, skipped (77) without.
"""
import os, re, sys, tempfile

import native
from scripts import Scripts

SHARE = 0.98
AGAIN = 5
KINDS = {'busybox': 'busybox', 'debian': 'dash', 'rhel': 'bash', 'container': 'bash'}


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        print('skipped: a root of its own needs root')
        return 77
    program, profile, count = sys.argv[1], os.path.realpath(sys.argv[2]), int(sys.argv[3])
    seeds = [int(s) for s in sys.argv[4:]] or [20261126]
    kind = KINDS[os.path.basename(profile)]
    with open(os.path.join(profile, 'profile.conf')) as file:
        conf = file.read()
    environment = re.findall(r'"([^"]*)"', native.setting(conf, 'environment'))
    cwd = native.setting(conf, 'cwd').strip('"')
    user = re.search(r'user = \{ uid = (\d+)', conf).group(1)
    bad = 0
    native.own_network()
    with tempfile.TemporaryDirectory(prefix='konseki-native.') as root:
        os.chmod(root, 0o755)
        native.make_root(profile, conf, root)
        for seed in seeds:
            made = Scripts(seed, kind)
            commands = [made.command() for _ in range(count)]
            same = races = 0
            for command, (status, out, stop) in zip(commands, native.emulated(program, profile, commands)):
                ended = stop == 'exit' or status >= 128
                seen = [native.native(root, user, environment, cwd, command)]
                # processes race: what the real ones do at least once in AGAIN times is right too, and is told
                while ended and seen[-1] != (status, out) and len(seen) < AGAIN:
                    seen.append(native.native(root, user, environment, cwd, command))
                real = seen[0]
                if ended and seen[-1] == (status, out):
                    same += 1
                    races += len(seen) > 1
                    continue
                print(f'DIFFERS (seed {seed}): {command}  native   {real[0]} {real[1][-400:]}\n  emulated {status} {out[-400:]} ({stop})', flush=True)
            print(f'{os.path.basename(profile)}, seed {seed}: {same} of {count} scripts print and end the same: {100 * same / count:.1f} %, '
                  f'{races} of them as the real ones do only sometimes', flush=True)
            bad += same < SHARE * count
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
