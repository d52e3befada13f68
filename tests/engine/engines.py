#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The long form of engine.py, template_engine.py and javas.py: every engine, 5,000 texts of a seed that nobody has seen.

usage: engines.py EXPRESSIONS TEMPLATES JAVAS EMULATED PROFILE [COUNT [SEED]]
"""
import os, random, subprocess, sys

expressions, templates, javas, emulated, profile, count = *sys.argv[1:6], sys.argv[6] if len(sys.argv) > 6 else '5000'
seed = sys.argv[7] if len(sys.argv) > 7 else str(random.SystemRandom().randrange(1 << 31))
here = os.path.dirname(os.path.abspath(__file__))
compared = [('engine.py', expressions, name) for name in ('mariadb', 'postgresql', 'sqlite')]
compared += [('template_engine.py', templates, name) for name in ('jinja2', 'twig', 'smarty')]
compared += [('javas.py', javas, name) for name in ('spel', 'ognl', 'el', 'mvel', 'groovy', 'freemarker', 'velocity')]
compared = [(script, [binary], name) for script, binary, name in compared]
compared += [('page_engine.py', [emulated, profile], name) for name in ('handlebars', 'nunjucks')]
results = [subprocess.run([sys.executable, os.path.join(here, script), *binary, name, '--count', count, '--seed', seed, '--show', '5']).returncode
           for script, binary, name in compared]
sys.exit(max((r for r in results if r != 77), default=0))
