#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The interpreter as a text for `python3 -c`, in C: its modules packed, each unpacked before those that import it.

usage: embed.py MODULE.py… >node.c
"""
import base64, os, sys, zlib

sources = {os.path.basename(path)[:-3]: open(path).read() for path in sys.argv[1:]}
packed = base64.b64encode(zlib.compress(repr(sources).encode(), 9)).decode()
program = ("import ast,base64,sys,types,zlib\n"
           "for name,text in ast.literal_eval(zlib.decompress(base64.b64decode('%s')).decode()).items():\n"
           " module=sys.modules[name]=types.ModuleType('__main__' if name=='main' else name)\n"
           " exec(compile(text,name,'exec'),module.__dict__)\n" % packed)
print('/* Made by embed.py. */\n#include "emu/server/node.h"\n\nconst char node_application[] =')
for i in range(0, len(program), 4000):
    text = program[i:i + 4000].replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n')
    print('"%s"' % text)
print(';')
