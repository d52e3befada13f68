# SPDX-License-Identifier: GPL-2.0-or-later
"""Jinja2 itself: a template in hex a line, "v HEX" or "e HEX" (the message) a line."""
import sys
import jinja2

environment = jinja2.Environment()
for line in sys.stdin:
    try:
        print('v', environment.from_string(bytes.fromhex(line).decode()).render().encode('utf-8', 'replace').hex())
    except Exception as error:
        print('e', str(error).encode('utf-8', 'replace').hex())
