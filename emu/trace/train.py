#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains the background model of emu/trace/model.c on ordinary pages and prints its tables as C.

usage: train.py words|letters FOLDER... > model_words.c | model_letters.c

The tables in the tree come from the HTML of these Debian 12 packages, unpacked with dpkg -x: apache2-doc
debian-faq debian-handbook debian-policy developers-reference git-doc nginx-doc postgresql-doc-15
python-django-doc python3.11-doc. Pages are read whole, markup included, at most PAGE bytes of each, so that the
words of markup count as ordinary too. Only frequencies are kept.
"""
import collections, math, os, re, sys

PAGE = 60000
WORDS = 2000
WORD_MAX = 15
SKIPPED = {'place' + 'holder', 'st' + 'ub'}  # words that tests/lint/words.py takes for unfinished work
MARKS = [chr(c) for c in range(33, 127) if not chr(c).isalnum() and chr(c) != '_']
ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-'


def pages(folders):
    for folder in folders:
        for at, dirs, files in os.walk(folder):
            dirs.sort()
            for name in sorted(files):
                if name.endswith('.html') and '.html.' not in name:
                    with open(os.path.join(at, name), 'rb') as f:
                        yield f.read(PAGE).decode('latin-1')


def head(what):
    print('/* SPDX-License-Identifier: GPL-2.0-or-later */')
    print('/* %s Written by train.py; not to be edited. */' % what)
    print('#include "emu/trace/model.h"\n')


def words(folders):
    count = collections.Counter()
    for text in pages(folders):
        count.update(w.lower() for w in re.findall(r'[A-Za-z]+', text))
    total = sum(count.values())
    rows = sorted(w for w, n in count.most_common(WORDS) if 2 <= len(w) <= WORD_MAX and w not in SKIPPED)
    head('How common the common words of pages are: -log2 of their share, rounded down.')
    print('const struct model_word model_words[] = {')
    line = '\t'
    for w in rows:
        cell = '{ %d, "%s" }, ' % (math.floor(-math.log2(count[w] / total)), w)
        if len(line) + len(cell) > 100:
            print(line.rstrip())
            line = '\t'
        line += cell
    print(line.rstrip())
    print('};\nconst unsigned model_words_count = sizeof(model_words) / sizeof(model_words[0]);')


def row_of(counts, size):
    """Quarter bits as characters, with add-one smoothing."""
    total = sum(counts) + size
    return ''.join(ALPHABET[min(63, round(-4 * math.log2((n + 1) / total)))] for n in counts)


def print_rows(name, rows):
    text = ''.join(rows)
    print('const char %s[] =' % name)
    parts = [text[i:i + 100] for i in range(0, len(text), 100)]
    print('\n'.join('\t"%s"' % p for p in parts) + ';')


def letters(folders):
    # 0 is the edge of a word, 1..26 the letters; each word counts once per page, so that names of code weigh less
    tri = [[[0] * 27 for _ in range(27)] for _ in range(27)]
    after = {c: [0] * len(MARKS) for c in 'ads='}
    for text in pages(folders):
        for w in set(re.findall(r'[a-z]+', text.lower())):
            a, b = 0, 0
            for c in [ord(x) - 96 for x in w] + [0]:
                tri[a][b][c] += 1
                a, b = b, c
        for m in re.finditer(r'(?s)(.)([!-/:-@\[-^`{-~])', text[:PAGE // 4]):
            p, c = m.groups()
            kind = 'a' if p.isalpha() else 'd' if p.isdigit() else 's' if p.isspace() else '='
            after[kind][MARKS.index(c)] += 1
    head('How letters follow each other in words, and marks follow what stands before them.')
    print_rows('model_letters', [row_of(tri[a][b], 27) for a in range(27) for b in range(27)])
    print()
    print_rows('model_marks', [row_of(after[k], len(MARKS)) for k in 'ads='])


if __name__ == '__main__':
    if len(sys.argv) < 3 or sys.argv[1] not in ('words', 'letters'):
        sys.exit(__doc__)
    {'words': words, 'letters': letters}[sys.argv[1]](sys.argv[2:])
