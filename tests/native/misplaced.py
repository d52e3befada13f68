#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""misplaced.py MISPLACED [VALUES] [SEED]: what is said to start nowhere, started by real shells.

Values by chance of the signs that matter to a shell, around a command that leaves a mark when it runs. Those of which MISPLACED
(misplaced.c) says that no shell starts anything are put into command lines: bare, behind a word, and in either quotes behind one.
"""
import os, random, subprocess, sys, tempfile
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.tap import Tap

MARK = 9  # the descriptor that the command writes to
PIECES = ['mark', 'mark -a', 'mark /x', 'X=', "X=$'mark'", 'X=mark', '$X', '${X}', '${Y}', ';', '|', '&', '&&', '||', '^', '<', "'", '"',
          '`', '$(', '(', ')', ' ', '#', '\\', '{', '}', '$', '$((', '))', '\n', 'a@b.c', '!', '=', '1']
LINES = ['%s', ': %s', ": '%s'", ': "%s"', ": '%s' | cat", ': %s 2>/dev/null', ': x=%s; :']

def values(count, chance):
    made = ['10.0.0.1' + ''.join(chance.choice(PIECES) for _ in range(chance.randint(1, 6))) for _ in range(count)]
    return [v for v in made if 'mark' in v]

def starts(shell, value, folder):
    """The command lines in which the mark was left."""
    for line in LINES:
        script = 'mark() { echo >&9; }\n' + line % value + '\n'
        with tempfile.TemporaryFile(dir=folder) as left:
            os.dup2(left.fileno(), MARK)
            subprocess.run([shell, '-c', script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           cwd=folder, timeout=10, pass_fds=[MARK])
            if left.tell() > 0:
                yield line % value

def main():
    said, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600
    chance = random.Random(sys.argv[3] if len(sys.argv) > 3 else 7)
    tap = Tap()
    made = values(count, chance)
    answers = subprocess.run([said], input='\0'.join(made) + '\0', capture_output=True, text=True, check=True).stdout.split()
    nowhere = [v for v, answer in zip(made, answers) if answer == '1']
    tap.ok(60 <= len(nowhere) <= len(made) - 60, 'some values start nowhere, and others are not said to',
           f'{len(nowhere)} of {len(made)}')
    with tempfile.TemporaryDirectory() as folder:
        for shell in ('/bin/dash', '/bin/bash'):
            # the test can fail: the mark is left where a command does start
            tap.ok(list(starts(shell, '1;mark', folder)) != [], f'{shell} leaves the mark')
            wrong = [line for v in nowhere for line in starts(shell, v, folder)]
            tap.ok(not wrong, f'{shell} starts nothing of {len(nowhere)} values', '\n'.join(map(repr, wrong[:10])))
    tap.done()

main()
