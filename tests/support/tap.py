# SPDX-License-Identifier: GPL-2.0-or-later
"""Test lines as tests/run counts them: ok, not ok, ok … # SKIP why."""
import sys, time


class Tap:
    def __init__(self):
        self.count = self.failed = 0
        self.started = time.monotonic()

    def ok(self, holds, name, detail=''):
        self.count += 1
        self.failed += not holds
        print(f'{"ok" if holds else "not ok"} {self.count} - {name}', flush=True)
        if not holds and detail:
            print('\n'.join('#   ' + line for line in str(detail).splitlines()[:30]), flush=True)
        return holds

    def equal(self, got, wanted, name):
        return self.ok(got == wanted, name, f'got    {got!r}\nwanted {wanted!r}')

    def skip(self, name, why):
        self.count += 1
        print(f'ok {self.count} - {name} # SKIP {why}', flush=True)

    def done(self):
        """Ends the program; nothing tested is a failure."""
        print(f'1..{self.count}')
        sys.exit(1 if self.failed or not self.count else 0)
