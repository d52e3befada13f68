#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A unified kernel image: systemd's EFI program with kernel, initramfs, command line and os-release as sections. The same parts give the same bytes.

usage: uki.py PROGRAM LINUX INITRD OSRELEASE CMDLINE_FILE OUT
Sections where that of systemd 252 finds them (its manual page); the PE header's time and checksum are cleared, since binutils writes the hour in.
"""
import os, struct, subprocess, sys

SECTIONS = (('.osrel', 0x20000), ('.cmdline', 0x30000), ('.linux', 0x2000000), ('.initrd', 0x3000000))


def steady(path):
    """Clears what depends on when it was made: TimeDateStamp of the COFF header, CheckSum of the optional header (PE format, Microsoft)."""
    with open(path, 'r+b') as file:
        file.seek(0x3c)
        pe, = struct.unpack('<I', file.read(4))
        for offset in (pe + 8, pe + 24 + 64):
            file.seek(offset)
            file.write(bytes(4))


def main():
    program, linux, initrd, osrelease, cmdline, out = sys.argv[1:]
    size = os.path.getsize(linux)
    if size > SECTIONS[3][1] - SECTIONS[2][1]:
        sys.exit(f'uki.py: the kernel has {size} bytes and would reach into the initramfs')
    words = []
    for (name, address), file in zip(SECTIONS, (osrelease, cmdline, linux, initrd)):
        words += ['--add-section', f'{name}={file}', '--change-section-vma', f'{name}={address:#x}']
    subprocess.run(['objcopy', '--preserve-dates', *words, program, out], check=True)
    steady(out)


main()
