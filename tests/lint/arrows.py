#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which room may include which: the one table of it. Anything else is a failure.

usage: arrows.py ROOT
A room is a folder under dataplane/, control/, emu/, config/ or images/. Every room may include itself and control/wire.
Files that stand directly in a program's folder are the room "dataplane", "control" or "emu"; a shared header of a
program that comes before its rooms (dataplane/packet.h) has a line of its own in SHARED.
"""
import os, re, sys

# room: the rooms whose headers it may include, besides itself and control/wire
ALLOWED = {
    'control/wire': '',
    'config': 'control/wire',
    'config/rules': 'config',
    # the packet's way in: each room knows those before it
    'dataplane/port': 'config dataplane/decode',
    'dataplane/decode': 'config',
    'dataplane/match': 'config config/rules',
    'dataplane/flow': 'config dataplane/decode',
    'dataplane/stream': 'config dataplane/decode dataplane/flow dataplane/match',
    'dataplane/app': 'config dataplane/flow dataplane/stream dataplane/match',
    'dataplane/case': 'config dataplane/flow dataplane/stream dataplane/match dataplane/app',
    'dataplane/session': 'config config/rules dataplane/flow dataplane/stream dataplane/match dataplane/app dataplane/case',
    'dataplane/bypass': 'config', # a program of its own beside the path
    'dataplane': 'config config/rules dataplane/port dataplane/decode dataplane/match dataplane/flow dataplane/stream '
                 'dataplane/app dataplane/case dataplane/session',
    # the verdict's way out
    'control/extract': 'config',
    'control/eve': 'config',
    'control/judge': 'config control/extract',
    'control/intake': 'config control/extract control/judge',
    'control/queue': 'config control/extract',
    'control/store': 'config',
    'control/journal': 'config control/extract control/judge control/store',
    'control/contain': 'config control/extract control/judge control/store control/journal',
    'control/ctl': 'config control/store control/journal',
    'control/metrics': 'config',
    'control/versions': 'config',
    'control': 'config control/eve control/extract control/judge control/intake control/queue control/store control/journal '
               'control/contain control/ctl control/metrics',
    # behaviour logs in, IOCs out: a program of its own
    'control/iocgen': 'config',
    # the program konseki reads what the others wrote; it opens no ring and runs no attack code
    'control/cli': 'config config/rules dataplane/match control/eve control/extract control/judge control/queue control/store '
                   'control/journal control/contain control/ctl control/versions',
    # one job in, one report out
    'emu/machine': '',
    'emu/world': 'emu/machine',
    'emu/loader': 'emu/machine emu/world',
    'emu/kernel': 'emu/machine emu/world emu/loader',
    # all folders below it; the machine for Windows shellcode is built on the same host
    'emu/windows': 'emu/machine emu/world emu/loader',
    'emu/server': 'emu/machine emu/world emu/kernel emu/windows',
    'emu/shellcode': 'emu/machine emu/world emu/kernel',
    'emu/language': '',
    'emu/trace': '',
    'emu/sql': 'emu/trace',
    'emu/asp': 'emu/template emu/trace',
    'emu/expression': 'emu/sql emu/template emu/trace',
    'emu/serial': '',
    'emu/template': 'emu/trace',
    'emu/evaluate': 'emu/kernel emu/shellcode emu/language emu/sql emu/serial emu/template emu/expression emu/asp emu/trace',
    'emu/pool': 'emu/machine emu/shellcode emu/trace emu/evaluate',
    'emu': 'config emu/pool emu/shellcode emu/windows',
    # the box: what root does before all else
    'images/prepare': 'config control/versions',
}

# a header that stands in a program's folder but comes before its rooms: who may include it
SHARED = {
    'dataplane/packet.h': 'dataplane config/rules',
    'dataplane/counters.h': 'dataplane',
    'emu/server/server.h': 'emu',
}

# foreign libraries, by the header's beginning: the rooms that may know them
LIBRARIES = {
    'unicorn/': 'emu/machine emu/shellcode',
    'lmdb.h': 'control/store',
    'gumbo.h': 'control/judge',
    'gnutls/': 'control/journal',
    'microhttpd.h': 'control/metrics',
    'hs': 'dataplane/match control/iocgen',
    'glpk.h': 'control/iocgen',
    'roaring/': 'control/iocgen',
    'zlib.h': 'dataplane/session control/extract control/judge control/iocgen emu/windows',
    'rte_': 'dataplane dataplane/port',
    'libconfig.h': 'config emu/world',
    'seccomp.h': 'emu/pool dataplane dataplane/bypass control/iocgen',
}

PROGRAMS = ('dataplane', 'control', 'emu', 'config', 'images')
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def room_of(path):
    """dataplane/flow/table.h -> dataplane/flow; deeper folders belong to the room above them."""
    parts = path.split('/')
    return '/'.join(parts[:2]) if len(parts) > 2 else parts[0]


def within(room, names):
    return any(room == n or room.startswith(n + '/') for n in names.split())


def local_error(source, room, header):
    if header in SHARED:
        return None if within(room, SHARED[header]) else f'only {SHARED[header]} may include {header}'
    target = room_of(header)
    if target == room or target == 'control/wire':
        return None
    if not header.startswith(PROGRAMS):
        return f'"{header}": write includes from the top of the repository'
    if target not in ALLOWED[room].split():
        return f'{room} may not include {target} ("{header}")'
    return None


def library_error(room, header):
    for beginning, rooms in LIBRARIES.items():
        if header == beginning or (beginning[-1] in '/_' and header.startswith(beginning)) \
                or (beginning == 'hs' and re.fullmatch(r'hs(/.*)?|hs_.*\.h|hs\.h', header)):
            if room not in rooms.split():
                return f'only {rooms} may know <{header}>'
    return None


def errors_of(root, source):
    room = room_of(source)
    if room not in ALLOWED:
        yield 1, f'room {room} has no row in tests/lint/arrows.py'
        return
    with open(os.path.join(root, source), errors='replace') as lines:
        for number, line in enumerate(lines, 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            error = local_error(source, room, found[2]) if found[1] == '"' else library_error(room, found[2])
            if error:
                yield number, error


def sources(root):
    for program in PROGRAMS:
        for folder, folders, names in os.walk(os.path.join(root, program)):
            folders[:] = [f for f in folders if not f.startswith('build')]
            for name in sorted(names):
                if name.endswith(('.c', '.h')):
                    yield os.path.relpath(os.path.join(folder, name), root)


def cycles():
    """The table itself must go one way: a room that reaches itself through others is a mistake in it."""
    for start in ALLOWED:
        seen, todo = set(), ALLOWED[start].split()
        while todo:
            room = todo.pop()
            if room == start:
                yield f'tests/lint/arrows.py: {start} reaches itself'
                break
            if room not in seen:
                seen.add(room)
                todo += ALLOWED.get(room, '').split()


def main():
    root = sys.argv[1]
    told = list(cycles())
    count = 0
    for source in sources(root):
        count += 1
        told += [f'{source}:{number}: {error}' for number, error in errors_of(root, source)]
    print('\n'.join(told) or f'{count} files follow the arrows')
    return 1 if told or count == 0 else 0


sys.exit(main())
