#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The long form of engine.py and javas.py: every engine, 5,000 expressions of a seed that nobody has seen.

usage: engines.py EXPRESSIONS JAVAS [COUNT [SEED]]
"""
import os, random, subprocess, sys

binary, javas, count = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else '5000'
seed = sys.argv[4] if len(sys.argv) > 4 else str(random.SystemRandom().randrange(1 << 31))
here = os.path.dirname(os.path.abspath(__file__))
engine, java = os.path.join(here, 'engine.py'), os.path.join(here, 'javas.py')
results = [subprocess.run([sys.executable, engine, binary, name, '--count', count, '--seed', seed, '--show', '5']).returncode
           for name in ('mariadb', 'postgresql', 'sqlite')]
results += [subprocess.run([sys.executable, java, javas, name, '--count', count, '--seed', seed, '--show', '5']).returncode
            for name in ('spel', 'ognl', 'el', 'mvel', 'groovy', 'freemarker', 'velocity')]
sys.exit(max((r for r in results if r != 77), default=0))
