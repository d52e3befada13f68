/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An application that has long been running when the attack comes: the modules that server applications load are there,
 * and it does not end by taking the interpreter apart. An expression is evaluated and shown, as template engines and
 * eval() do; statements run as a program of their own.
 */
#include "emu/server/python.h"

const char python_application[] =
    "import atexit, base64, builtins, datetime, gc, hashlib, html, io, json, os, pickle, platform, random, re, shutil, socket, string, struct\n"
    "import subprocess, sys, tempfile, threading, time, traceback, types, urllib.parse, zlib\n"
    "def serve():\n"
    "\tmodule = types.ModuleType('__main__')\n"
    "\tmodule.__builtins__ = builtins\n"
    "\tsys.modules['__main__'] = module\n"
    "\teval(compile('0', '<string>', 'eval'), {})\n"
    "\tgc.collect()\n"
    "\tgc.freeze()\n"
    "\tcode = sys.stdin.buffer.read()\n"
    "\tstatus = 0\n"
    "\ttry:\n"
    "\t\ttry:\n"
    "\t\t\tprogram = compile(code.strip(), '<string>', 'eval')\n"
    "\t\texcept (SyntaxError, ValueError):\n"
    "\t\t\tprogram = compile(code, '<string>', 'exec')\n"
    "\t\tvalue = eval(program, module.__dict__)\n"
    "\t\tif value is not None:\n"
    "\t\t\tsys.stdout.write(str(value))\n"
    "\texcept SystemExit as end:\n"
    "\t\tstatus = end.code if isinstance(end.code, int) else 0 if end.code is None else 1\n"
    "\t\tif isinstance(end.code, str):\n"
    "\t\t\tsys.stderr.write(end.code + '\\n')\n"
    "\texcept BaseException as fault:\n"
    "\t\tstatus = 1\n"
    "\t\ttraceback.print_exception(type(fault), fault, fault.__traceback__.tb_next)\n"
    "\ttry:\n"
    "\t\tthreading._shutdown()\n"
    "\t\tatexit._run_exitfuncs()\n"
    "\t\tsys.stdout.flush()\n"
    "\t\tsys.stderr.flush()\n"
    "\tfinally:\n"
    "\t\tos._exit(status & 255)\n"
    "serve()\n";
