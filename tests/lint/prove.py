#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each lint finds what it is for: in a small tree of its own it passes, and with one violation it fails and names the file.

usage: prove.py ROOT COMPILER...
"""
import os, shutil, subprocess, sys, tempfile

ROOT, COMPILER = sys.argv[1], sys.argv[2:]
HEAD = '/* SPDX-License-Identifier: GPL-2.0-or-later */\n/* A file. */\n'
# written in halves, so that the lint of words does not find them here
UNFINISHED = 'TO' + 'DO'
GOOD = {
    'control/wire/a.h': HEAD + '#ifndef A_H\n#define A_H\n#include <stdint.h>\nuint32_t a(void);\n#endif\n',
    'control/judge/b.c': HEAD + '#include "control/extract/c.h"\n#include "control/wire/a.h"\nconst char *b = "an answer is made, not kept"; /* uid=0 */\n',
    'control/extract/c.h': HEAD + '#ifndef C_H\n#define C_H\n#include "control/wire/a.h"\n#endif\n',
    'emu/machine/d.c': HEAD + '#include <unicorn/unicorn.h>\n',
    'emu/profiles/p/files/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
}
LONG = HEAD + 'int x;\n' * 600
# lint, file, its contents, what the lint must say
WRONG = [
    ('arrows', 'control/extract/e.c', HEAD + '#include "control/judge/j.h"\n', 'control/extract may not include control/judge'),
    ('arrows', 'control/wire/e.c', HEAD + '#include "config/settings.h"\n', 'control/wire may not include config'),
    ('arrows', 'dataplane/port/e.c', HEAD + '#include "emu/machine/machine.h"\n', 'dataplane/port may not include emu/machine'),
    ('arrows', 'control/judge/e.c', HEAD + '#include <lmdb.h>\n', 'only control/store may know'),
    ('arrows', 'control/queue/e.c', HEAD + '#include <unicorn/unicorn.h>\n', 'only emu/machine emu/shellcode may know'),
    ('arrows', 'control/cli/e.c', HEAD + '#include <rte_ring.h>\n', 'may know <rte_ring.h>'),
    ('arrows', 'control/new/e.c', HEAD, 'has no row'),
    ('arrows', 'control/judge/e.c', HEAD + '#include "judge.h"\n', 'from the top'),
    ('headers', 'control/wire/e.h', HEAD + 'struct bytes e(uint32_t);\n', 'control/wire/e.h does not compile alone'),
    ('headers', 'control/wire/e.h', HEAD + 'static int twice;\n' + 'struct e { int x; };\n', 'control/wire/e.h does not compile alone'),
    ('literals', 'control/judge/e.c', HEAD + 'const char *e = "uid=0(root)";\n', 'control/judge/e.c:3'),
    ('literals', 'emu/kernel/e.c', HEAD + 'const char *e = "ro" "ot:x:0:0";\n', 'emu/kernel/e.c:3'),
    ('literals', 'emu/kernel/e.c', HEAD + 'const char *e =\n\t"Linux "\n\t"version 6";\n', 'emu/kernel/e.c:4'),
    ('literals', 'control/wire/e.h', HEAD + '#define E "64 bytes from"\n', 'control/wire/e.h:3'),
    ('length', 'control/wire/e.c', LONG, 'control/wire/e.c: 602 lines'),
    ('length', 'control/wire/e.c', HEAD + 'int e(void)\n{\n' + '\tx();\n' * 130 + '}\n', 'a function of 131 lines'),
    ('words', 'control/wire/e.c', 'int e;\n', 'control/wire/e.c:1'),
    ('words', 'control/wire/e.c', HEAD + f'/* {UNFINISHED}: the rest */\n', 'control/wire/e.c:3'),
    ('documented', 'tests/schema/alert.json', '{"properties": {"unheard_of": {}}}', '`unheard_of`'),
    ('documented', 'config/README.md', None, '`excerpt`'),
]


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, 'w') as file:
        file.write(text)


def run(lint, root):
    more = COMPILER if lint == 'headers' else []
    done = subprocess.run([sys.executable, os.path.join(ROOT, 'tests', 'lint', lint + '.py'), root, *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def tree(root):
    for path, text in GOOD.items():
        write(root, path, text)
    shutil.copytree(os.path.join(ROOT, 'tests', 'schema'), os.path.join(root, 'tests', 'schema'))
    shutil.copy(os.path.join(ROOT, 'config', 'README.md'), os.path.join(root, 'README.tmp'))
    os.makedirs(os.path.join(root, 'config'))
    os.rename(os.path.join(root, 'README.tmp'), os.path.join(root, 'config', 'README.md'))


def main():
    count = failed = 0

    def ok(holds, name, detail):
        nonlocal count, failed
        count += 1
        failed += not holds
        print(f'{"ok" if holds else "not ok"} {count} - {name}')
        if not holds:
            print('#   ' + detail.strip().replace('\n', '\n#   '))

    for lint in dict.fromkeys(w[0] for w in WRONG):
        with tempfile.TemporaryDirectory(prefix='konseki-lint.') as root:
            tree(root)
            code, said = run(lint, root)
            ok(code == 0, f'{lint}: passes where nothing is wrong', said)
    for lint, path, text, wanted in WRONG:
        with tempfile.TemporaryDirectory(prefix='konseki-lint.') as root:
            tree(root)
            if text is None:
                with open(os.path.join(root, path)) as file:
                    text = file.read().replace('`excerpt`', '').replace('`excerpt_base64`', '')
            write(root, path, text)
            code, said = run(lint, root)
            ok(code == 1 and wanted in said, f'{lint}: {wanted}', f'exit {code}\n{said}')
    print(f'1..{count}')
    return 1 if failed else 0


sys.exit(main())
