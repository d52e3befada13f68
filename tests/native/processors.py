#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A program of each processor, static and dynamically linked, in the emulated server and under qemu-user.

usage: processors.py PROGRAM PROFILES SOURCE

PROGRAM runs an ELF file in the emulated server of a profile (tests/native/program.c). SOURCE is compiled with clang and
Debian's cross libraries. What is printed and how it ends must be the same; what a machine lacks is skipped by name.
"""
import os, shutil, subprocess, sys, tempfile

# qemu-user's name: clang's target, the linker
PROCESSORS = {
    'i386': ('i686-linux-gnu', 'ld'),
    'aarch64': ('aarch64-linux-gnu', 'aarch64-linux-gnu-ld'),
    'arm': ('arm-linux-gnueabi', 'arm-linux-gnueabi-ld'),
    'mips': ('mips-linux-gnu', 'mips-linux-gnu-ld'),
    'mipsel': ('mipsel-linux-gnu', 'mipsel-linux-gnu-ld'),
    'ppc': ('powerpc-linux-gnu', 'powerpc-linux-gnu-ld'),
}
SECONDS = 60


def lacks(name, target, linker):
    """What is not installed; None: all is."""
    for tool in ('clang', linker, 'qemu-' + name):
        if shutil.which(tool) is None:
            return tool
    library = f'/usr/{target}/lib/libc.a'
    return None if os.path.exists(library) else library


def build(target, source, to, *options):
    return subprocess.run(['clang', f'--target={target}', '-fuse-ld=bfd', '-w', '-O1', '-D_GNU_SOURCE', '-pthread', *options,
                           '-o', to, source], stderr=subprocess.PIPE, text=True, timeout=SECONDS)


def run(*command):
    """(exit status, stdout)"""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          timeout=SECONDS, preexec_fn=os.setpgrp)
    return done.returncode, done.stdout.decode(errors='replace').splitlines()


def without_listing(result):
    """qemu-user cannot list folders to a program with 32-bit offsets on a file system that has longer ones."""
    return result[0], [line for line in result[1] if not line.startswith('readdir')]


def differences(expected, got):
    told = [f'  expected {a!r}, got {b!r}' for a, b in zip(expected[1], got[1]) if a != b]
    if len(expected[1]) != len(got[1]):
        told.append(f'  {len(expected[1])} lines expected, got {len(got[1])}')
    if expected[0] != got[0]:
        told.append(f'  ends with {got[0]}, not {expected[0]}')
    return told


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, profiles, source = sys.argv[1:]
    number, bad, skipped = 0, 0, 0
    with tempfile.TemporaryDirectory(prefix='konseki-processors.') as folder:
        for name, (target, linker) in PROCESSORS.items():
            lack = lacks(name, target, linker)
            if lack is not None:
                skipped += 1
                print(f'skipped: {name}: no {lack}', flush=True)
                continue
            # the second form of file offsets has structures and calls of its own
            for form, options, profile in (('static', ['-static', '-D_FILE_OFFSET_BITS=64'], 'busybox'),
                                           ('static, 32-bit offsets', ['-static'], 'busybox'),
                                           ('dynamic', ['-D_FILE_OFFSET_BITS=64'], 'debian')):
                if form == 'dynamic' and os.path.exists(f'/usr/{target}/lib/libc.so.6') is False:
                    continue
                binary = os.path.join(folder, 'program')
                made = build(target, source, binary, *options)
                if made.returncode != 0:
                    bad += 1
                    print(f'FAILED: {name}, {form}: {made.stderr.strip()[-300:]}', flush=True)
                    continue
                # qemu-user loses its threads over a dynamic loader: what the static form prints is expected of both
                if form != 'dynamic':
                    expected = run('qemu-' + name, binary)
                got = run(program, os.path.join(profiles, profile), binary)
                told = differences(without_listing(expected), without_listing(got))
                number += 1
                bad += bool(told)
                print(f'{"FAILED" if told else "ok"}: {name}, {form}: {len(got[1])} lines', *told, sep='\n', flush=True)
    print(f'{number} programs, {bad} differ, {skipped} processors skipped')
    return 1 if bad else 0 if number else 77


if __name__ == '__main__':
    sys.exit(main())
