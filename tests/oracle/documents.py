#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""documents.py PROGRAM [COUNT [SEED]]: documents by chance, their text as our evaluator and as libxml2 (xmllint) have it."""
import os
import random
import shutil
import subprocess
import sys
import tempfile

NAMES = ['a', 'b', 'c', 'd', 'e1', 'x.y', 'z-1']
WORDS = ['one', 'two', ' ', '\n', 'x<y' , '&#65;', '&#x42;', '&lt;', '&amp;', '<i>in</i>', '<e/>', '<!-- note -->', '<?pi data?>',
         '<![CDATA[<raw&>]]>', 'ö', '>', "'", '\r\n', '\t', ']]', '%', ';']


def text(rng, names, length):
    out = []
    for _ in range(rng.randint(0, length)):
        pick = rng.random()
        if pick < 0.35 and names:
            out.append(f'&{rng.choice(names)};')
        elif pick < 0.4:
            out.append(f'&{rng.choice(NAMES)};')
        else:
            out.append(rng.choice([word for word in WORDS if word != 'x<y' or rng.random() < 0.1]))
    return ''.join(out)


def quoted(rng, value):
    quote = rng.choice('"\'')
    return quote + value.replace(quote, '').replace('%', '' if rng.random() < 0.9 else '%') + quote


def entity(rng, folder, known, parameters):
    name = rng.choice(NAMES)
    pick = rng.random()
    if pick < 0.15:
        name = 'p' + name
        if rng.random() < 0.5:
            value = quoted(rng, f"<!ENTITY {rng.choice(NAMES)} '{rng.choice(['plain', 'other', '&#38;lt;'])}'>".replace('"', "'"))
            parameters.append(name)
            return f'<!ENTITY % {name} {value}>'
        with open(os.path.join(folder, name + '.ent'), 'w') as out:
            out.write(rng.choice(['', '<?xml version="1.0" encoding="utf-8"?>']) +
                      ''.join(entity(rng, folder, known, []) + rng.choice(['', '\n', ' ']) for _ in range(rng.randint(0, 2))))
        parameters.append(name)
        return f'<!ENTITY % {name} SYSTEM "{name}.ent">'
    if pick < 0.35:
        with open(os.path.join(folder, name + '.txt'), 'w') as out:
            out.write(text(rng, known, 4))
        known.append(name)
        return f'<!ENTITY {name} {rng.choice(["SYSTEM", "PUBLIC " + chr(34) + "-//x//y" + chr(34)])} "{name}.txt">'
    value = quoted(rng, text(rng, known, 4))
    known.append(name)
    return f'<!ENTITY {name} {value}>'


def document(rng, folder):
    known, parameters, parts = [], [], []
    for _ in range(rng.randint(0, 6)):
        parts.append(entity(rng, folder, known, parameters))
        if parameters and rng.random() < 0.6:
            parts.append(f'%{rng.choice(parameters)};')
        if rng.random() < 0.2:
            parts.append(rng.choice(['<!ELEMENT r ANY>', '<!ATTLIST r k CDATA #IMPLIED>', '<!-- c -->', '<?p?>',
                                     '<!NOTATION n SYSTEM "v">']))
    external = ''
    if rng.random() < 0.2:
        with open(os.path.join(folder, 'all.dtd'), 'w') as out:
            out.write(rng.choice(['', '<![INCLUDE[', '<![IGNORE[<!ENTITY a "no">]]>']))
            start = out.tell()
            out.write(''.join(entity(rng, folder, known, parameters) for _ in range(rng.randint(0, 3))))
            out.write(']]>' if start == 11 else '')
        external = ' SYSTEM "all.dtd"'
    doctype = f'<!DOCTYPE r{external} [{" ".join(parts)}]>' if parts or external else ''
    attribute = f' k="{rng.choice(["v", "&lt;", "&#65;", *[f"&{name};" for name in known[:2]]])}"' if rng.random() < 0.4 else ''
    return rng.choice(['', '<?xml version="1.0"?>', '\ufeff', '<!-- before -->']) + doctype + \
        f'<r{attribute}>{text(rng, known, 8)}</r>' + rng.choice(['', '\n', '<!-- after -->'])


def libxml2(path):
    """None: not well-formed."""
    command = ['xmllint', '--nonet', '--noent', '--loaddtd', '--xpath', 'string(/*)', os.path.basename(path)]
    done = subprocess.run(command, cwd=os.path.dirname(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.stdout[:-1] if done.returncode == 0 else None


def main():
    if shutil.which('xmllint') is None:
        print('1..0 # SKIP xmllint is not installed (libxml2-utils)')
        return 0
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 4)
    with tempfile.TemporaryDirectory() as root:
        paths = []
        for number in range(count):
            folder = os.path.join(root, str(number))
            os.mkdir(folder)
            paths.append(os.path.join(folder, 'doc.xml'))
            with open(paths[-1], 'w', newline='') as out:
                out.write(document(rng, folder))
        lines = subprocess.run([program, *paths], stdout=subprocess.PIPE, check=True).stdout.split(b'\n')[:-1]
        ours = [None if line == b'-' else bytes.fromhex(line.decode()) for line in lines]
        differ = well = 0
        for path, mine in zip(paths, ours):
            theirs = libxml2(path)
            well += theirs is not None
            if mine != theirs:
                differ += 1
                if differ <= 10:
                    print(f'# {open(path, newline="").read()!r}\n#   ours {mine!r}\n#   xmllint {theirs!r}')
                    for name in sorted(os.listdir(os.path.dirname(path))):
                        if name != 'doc.xml':
                            print(f'#   {name}: {open(os.path.join(os.path.dirname(path), name), newline="").read()!r}')
    enough = well * 3 >= count and (count - well) * 10 >= count
    print(f'{"ok" if len(ours) == count and differ * 100 <= count else "not ok"} 1 - {count - differ} of {count} documents have the same text '
          f'as in libxml2 ({well} well-formed)')
    print(f'{"ok" if enough else "not ok"} 2 - the documents are of both kinds')
    print('1..2')
    return 0 if differ * 100 <= count and enough and len(ours) == count else 1


if __name__ == '__main__':
    sys.exit(main())
