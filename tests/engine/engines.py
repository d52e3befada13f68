#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The long form of engine.py: every engine, 5,000 expressions of a seed that nobody has seen.

usage: engines.py EXPRESSIONS [COUNT [SEED]]
"""
import os, random, subprocess, sys

binary, count = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else '5000'
seed = sys.argv[3] if len(sys.argv) > 3 else str(random.SystemRandom().randrange(1 << 31))
engine = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'engine.py')
results = [subprocess.run([sys.executable, engine, binary, name, '--count', count, '--seed', seed, '--show', '5']).returncode
           for name in ('mariadb', 'postgresql', 'sqlite')]
sys.exit(max((r for r in results if r != 77), default=0))
