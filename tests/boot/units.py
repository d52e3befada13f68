#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The systemd units as they are installed: systemd itself finds no fault with them, and says how exposed they are.

usage: units.py BUILD
"""
import os, re, shutil, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

EXPOSED_MOST = 3.0
PREPARATION = {'konseki-prepare.service', 'konseki-appliance.service'}  # root's, and over in a moment


def analyze(*words):
    # the builds with sanitizers have the same units
    return subprocess.run(['systemd-analyze', '--no-pager', *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, timeout=120)


def install(folder):
    """meson install into folder; the folders of units below it."""
    done = subprocess.run(['meson', 'install', '-C', konseki.BUILD, '--no-rebuild', '--quiet', '--destdir', folder], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=300)
    units = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith('.service')]
    return done, sorted(units)


def root_of(folder):
    """What units name of the system, so that verify finds it in the installed root."""
    for name in ('bin/sh', 'bin/kill'):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copy(shutil.which(os.path.basename(name)), path)
    shutil.copytree('/lib/systemd/system', os.path.join(folder, 'lib/systemd/system'), symlinks=True, dirs_exist_ok=True)


def check_unit(tap, folder, unit):
    name = os.path.basename(unit)
    done = analyze('verify', '--man=no', f'--root={folder}', '/' + os.path.relpath(unit, folder))
    ours = [line for line in done.stdout.splitlines() if name in line]
    tap.ok(done.returncode == 0 and not ours, f'{name}: systemd-analyze verify finds no fault', '\n'.join(ours) or done.stdout)
    if name in PREPARATION:
        with open(unit) as file:
            tap.ok(re.search(r'^Type=oneshot$', file.read(), re.M), f'{name} is over in a moment')
        return
    done = analyze('security', '--offline=true', unit)
    found = re.search(r'Overall exposure level for \S+: ([0-9.]+)', done.stdout)
    level = float(found[1]) if found else 99
    tap.ok(level <= EXPOSED_MOST, f'{name}: systemd-analyze security says {level}, at most {EXPOSED_MOST}', done.stdout[-3000:])
    with open(unit) as file:
        user = re.findall(r'^User=(.*)$', file.read(), re.M)
    tap.ok(user and user[0] not in ('', 'root', '0'), f'{name} runs as an account of its own')


def main():
    tap = Tap()
    if not shutil.which('systemd-analyze'):
        tap.skip('units', 'systemd-analyze is not installed')
        tap.done()
    folder = konseki.scratch()
    done, units = install(folder)
    if tap.ok(done.returncode == 0 and len(units) >= 2, 'meson install brings units', done.stdout[-1000:]):
        root_of(folder)
        for unit in units:
            check_unit(tap, folder, unit)
    tap.done()


main()
