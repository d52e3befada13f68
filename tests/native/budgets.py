#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each budget of an emulated run, used up by a program of spend_*.c: it ends by that name, not by the watchdog.

usage: budgets.py BUILD [all]      all: every program of spend_*.c, not one or two a budget
"""
import json, os, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import konseki
from tap import Tap

# What each program meets; "watchdog" is no answer here: it would be the reason then.
SHORT = {
    'spin': 'blocks', 'sines': 'blocks', 'own_code': 'blocks', 'calls': 'syscalls', 'fault_again': 'rounds', 'short_sleeps': 'rounds',
    'large_forks': 'copies', 'code_maps': 'copies', 'zeroes': 'copies', 'forks': 'processes', 'threads': 'processes', 'maps': 'memory',
    'output': 'output', 'file_bytes': 'files', 'links': 'files', 'descriptors': 'descriptors', 'sockets': 'connects', 'sleeps': 'time',
    'for_ever': 'time', 'recursion': 'signal',
}
LONG = {
    'divisions': 'blocks', 'square_roots': 'blocks', 'decimals': 'blocks', 'processor_names': 'blocks', 'saved_states': 'blocks',
    'strings': 'blocks', 'pages': 'blocks', 'table_misses': 'blocks', 'cast_code': 'blocks', 'many_codes': 'blocks', 'control_register': 'signal',
    'paging_off': 'signal', 'paging_on': 'blocks', 'no_long_mode': 'signal', 'new_tables': 'signal', 'page_flushes': 'blocks', 'traps': 'rounds', 'signals': 'syscalls',
    'random_bytes': 'syscalls', 'circles': 'syscalls', 'polls': 'syscalls', 'datagrams': 'syscalls', 'alarms': 'syscalls', 'small_maps': 'syscalls',
    'protections': 'syscalls', 'maps_and_back': 'copies', 'advice': 'copies', 'moves': 'copies', 'brk_up_and_down': 'copies',
    'nothing_written': 'copies', 'mapped_files': 'copies', 'listings': 'copies', 'many_waiters': 'copies', 'ping_pong': 'copies',
    'stream': 'copies', 'programs': 'copies', 'bad_programs': 'copies', 'forks_that_end': 'processes', 'own_reading': 'memory', 'holes': 'copies',
    'sent_files': 'copies', 'names': 'files', 'deep_folders': 'files', 'looks': 'files', 'process_files': 'files', 'pipes': 'time',
}


# These wait for the host's memory: half the watchdog's time alone, and where others use the machine it may be first.
WAITING = ('pages', 'table_misses')


def source_of(act):
    for name in ('spend_code.c', 'spend_calls.c'):
        with open(os.path.join(HERE, name)) as file:
            if f'static void {act}(void)' in file.read():
                return os.path.join(HERE, name)


def build(folder, act):
    """The program's path, or why there is none."""
    path = os.path.join(folder, act)
    done = subprocess.run(['cc', '-w', '-D_GNU_SOURCE', '-O1', '-static', '-nostdlib', '-ffreestanding', '-fno-stack-protector', '-fno-pic',
                           '-no-pie', '-DACT=' + act, '-o', path, source_of(act)], capture_output=True, text=True)
    return (path, None) if done.returncode == 0 else (None, (done.stderr.splitlines() or ['cc failed'])[0])


def run(conf, path):
    done = konseki.konseki('emulate', '-c', conf, '--language', 'elf', '--json', path)
    return json.loads(done.stdout)


def check(tap, act, wanted, outcome):
    path, answer = outcome
    profile = answer['profiles'][0] if answer['profiles'] else {}
    if act in WAITING and answer['stopped_by'] == 'watchdog':
        tap.skip(f'{act} ends by {wanted}', 'the machine is busy: the watchdog came first')
        return
    tap.ok(answer['stopped_by'] == wanted and profile.get('stopped_by') == wanted,
           f'{act} ends by {wanted}', f'{answer["stopped_by"]}, {profile.get("ms")} ms')


def main():
    tap = Tap()
    folder = konseki.scratch()
    os.symlink(os.path.join(konseki.ROOT, 'emu', 'profiles', 'busybox'), folder + '/busybox')
    conf = folder + '/konseki.conf'
    with open(conf, 'w') as file:
        file.write(f'emulation = {{ profiles = "profiles"; }};\n')
    os.mkdir(folder + '/profiles')
    os.rename(folder + '/busybox', folder + '/profiles/busybox')
    acts = dict(SHORT, **LONG) if 'all' in sys.argv else SHORT
    paths = {}
    for act in acts:
        paths[act], why = build(folder, act)
        if paths[act] is None:
            tap.skip('budgets', 'cc builds no program without a library: ' + why)
            tap.done()
    with ThreadPoolExecutor(2) as pool:
        for act, outcome in zip(acts, pool.map(lambda a: (paths[a], run(conf, paths[a])), acts)):
            check(tap, act, acts[act], outcome)
    tap.done()


main()
