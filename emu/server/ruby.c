/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An application that has long been running when the attack comes: the libraries that server applications load are there.
 * What code comes to is shown, as eval() within a page shows it. Code that is an interpolation is evaluated in a string.
 * Whether the application has loaded what code uses without asking for it, is asked of the open world, as a file.
 */
#include "emu/server/ruby.h"

const char ruby_application[] =
    "require 'base64'\n"
    "require 'digest'\n"
    "require 'erb'\n"
    "require 'etc'\n"
    "require 'fileutils'\n"
    "require 'json'\n"
    "require 'net/http'\n"
    "require 'open-uri'\n"
    "require 'open3'\n"
    "require 'resolv'\n"
    "require 'securerandom'\n"
    "require 'socket'\n"
    "require 'tempfile'\n"
    "require 'time'\n"
    "require 'yaml'\n"
    "require 'zlib'\n"
    "LOADED = /\\b(?:Base64|Digest|ERB|Etc|FileUtils|JSON|Net::|Open3|Resolv|SecureRandom|TCPSocket|Socket|Tempfile|YAML|Zlib|URI)\\b/\n"
    "STDOUT.sync = false\n"
    "eval('1', TOPLEVEL_BINDING)\n"
    "GC.start\n"
    "code = STDIN.read\n"
    "status = 0\n"
    "begin\n"
    "  code.force_encoding('UTF-8')\n"
    "  code.force_encoding('BINARY') unless code.valid_encoding?\n"
    "  if code.match?(LOADED) && !code.include?('require') && File.exist?('/srv/application-requires-nothing')\n"
    "    raise NameError, \"uninitialized constant #{code[LOADED]}\"\n"
    "  end\n"
    "  code = \"%Q\\x01#{code}\\x01\" if code.start_with?('#{')\n"
    "  value = eval(code, TOPLEVEL_BINDING, '(eval)', 1)\n"
    "  STDOUT.write(value.to_s) unless value.nil?\n"
    "rescue SystemExit => e\n"
    "  status = e.status\n"
    "rescue Exception => e\n"
    "  status = 1\n"
    "  STDERR.write(e.full_message(highlight: false, order: :top))\n"
    "end\n"
    "Thread.list.each { |t| t.join unless t == Thread.current } if status == 0\n"
    "STDOUT.flush\n"
    "exit!(status)\n";
