#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A pool of CAPE reports made up for examples: a family that installs itself under names of its own making, and ordinary installers.

usage: cape_pool.py FOLDER [SEED]
Writes FOLDER/malware/zyx/*.json and FOLDER/benign/*.json.
"""
import hashlib, json, os, random, sys

USERS = ('ann', 'bob', 'carol', 'dave')


def report(day, summary, dns=()):
    full = dict.fromkeys(('files', 'read_files', 'write_files', 'delete_files', 'keys', 'read_keys', 'write_keys', 'delete_keys', 'executed_commands', 'mutexes',
                          'created_services', 'started_services'), [])
    full.update(summary)
    name = hashlib.sha256(json.dumps(full).encode()).hexdigest()
    return name, {'info': {'version': '2.4-CAPE', 'started': f'{day} 10:00:00'}, 'behavior': {'processes': [], 'summary': full},
                  'network': {'dns': [{'request': d} for d in dns]}, 'target': {'category': 'file', 'file': {'sha256': name}}}


def word(chance, least, most):
    return ''.join(chance.choice('abcdefghijklmnopqrstuvwxyz') for _ in range(chance.randint(least, most)))


def malware(chance):
    """Copies itself under a random name, starts by a run key of a fixed name, and asks for one of its hosts."""
    user, name = chance.choice(USERS), word(chance, 6, 9)
    copy = f'C:\\Users\\{user}\\AppData\\Roaming\\ZyxUpdate\\{name}.exe'
    sid = '-'.join(str(chance.randrange(10 ** 8, 10 ** 9)) for _ in range(3))
    run = f'HKEY_USERS\\S-1-5-21-{sid}-1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\ZyxUpdate'
    return {'write_files': [copy], 'write_keys': [run], 'read_files': ['C:\\Windows\\System32\\ntdll.dll'], 'executed_commands': [f'"{copy}" --quiet'],
            'mutexes': [f'Global\\zyx-{chance.randrange(16 ** 8):08x}']}, [f'c{chance.randint(1, 9)}.zyx.example']


def ordinary(chance):
    """Writes a program of its own to the same places, and starts by the same key."""
    user, name = chance.choice(USERS), word(chance, 4, 9).title()
    copy = f'C:\\Users\\{user}\\AppData\\Roaming\\{name}\\{word(chance, 6, 9)}.exe'
    sid = '-'.join(str(chance.randrange(10 ** 8, 10 ** 9)) for _ in range(3))
    return {'write_files': [copy], 'write_keys': [f'HKEY_USERS\\S-1-5-21-{sid}-1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\{name}'],
            'read_files': ['C:\\Windows\\System32\\ntdll.dll'], 'executed_commands': [f'"{copy}" /silent']}, ['www.' + word(chance, 5, 9) + '.example']


def main(folder, seed=1):
    chance = random.Random(int(seed))
    for place, count, make in (('malware/zyx', 60, malware), ('benign', 400, ordinary)):
        os.makedirs(os.path.join(folder, place), exist_ok=True)
        for _ in range(count):
            name, text = report(f'2024-0{chance.randint(1, 6)}-{chance.randint(10, 28)}', *make(chance))
            with open(os.path.join(folder, place, name + '.json'), 'w') as file:
                json.dump(text, file)


if __name__ == '__main__':
    main(*sys.argv[1:])
