#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The config as it is installed: config/konseki.conf with the paths and the account of an installed appliance.

usage: installed.py config/konseki.conf PROFILES > konseki.conf
"""
import re, sys

SETS = {'profiles': sys.argv[2], 'user': 'konseki', 'folder': '/var/lib/konseki', 'socket': '/run/konseki/admin.sock'}

with open(sys.argv[1], encoding='utf-8') as file:
    text = file.read()
for key, value in SETS.items():
    text, count = re.subn(rf'^(  {key} = )"[^"]*";', rf'\1"{value}";', text, flags=re.M)
    assert count == 1, f'{key} stands {count} times in {sys.argv[1]}'
text, count = re.subn(r'^(  files = \[.*\];)$', r'\1\n  compiled = "/var/cache/konseki/compiled"; # rules as they were compiled last', text, flags=re.M)
assert count == 1
text = text.replace('every key that is set below has its default value, so this file only shows them.',
                    'most keys that are set below have their default value, so this file only shows them.')
text = text.replace('README.md in this folder', '/usr/share/doc/konseki/keys.md')
sys.stdout.write(text)
