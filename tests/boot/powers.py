#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""konseki run as its unit starts it: an account without root's rights, with the unit's capabilities. It judges, and keeps none of them where
none is needed.

usage: powers.py BUILD
"""
import glob, os, pwd, re, shutil, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import hosts, konseki
from appliance import Appliance, children
from hosts import Site
from tap import Tap
from urllib.parse import quote

NET_ADMIN = 1 << 12
UNIT = os.path.join(konseki.ROOT, 'images', 'systemd', 'konseki.service.in')


def capabilities():
    """Those of the unit, as setpriv names them."""
    with open(UNIT) as file:
        found = re.search(r'^AmbientCapabilities=(.*)$', file.read(), re.M)
    return ','.join('+' + word.removeprefix('CAP_').lower() for word in found[1].split())


def powers(pid):
    """(uids, every capability that any of its threads has or could get by running another program)"""
    uids, held = set(), 0
    for status in glob.glob(f'/proc/{pid}/task/*/status'):
        with open(status) as file:
            words = dict(line.split(':', 1) for line in file)
        uids |= set(words['Uid'].split())
        held |= int(words['CapPrm'], 16) | int(words['CapEff'], 16) | int(words['CapAmb'], 16)
    return uids, held


def main():
    tap = Tap()
    reason = hosts.why_not() or (None if shutil.which('setpriv') else 'setpriv is not installed')
    if reason:
        tap.skip('powers', reason)
        tap.done()
    folder = konseki.scratch()
    words = capabilities()
    at = Site(folder)
    at.apache()
    before = ('setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', '--no-new-privs', f'--inh-caps=-all,{words}', f'--ambient-caps=-all,{words}',
              f'--bounding-set=-all,{words}')
    appliance = Appliance(at, folder, before=before)
    try:
        at.wait(appliance.ready, 'konseki show health', 60)
        at.curl('/cgi-bin/lookup?host=' + quote('www.example.test;id', safe=''))
        record = at.wait(lambda: appliance.alert('%3Bid', 'success'), 'success of ;id', 30)
        tap.ok(record, 'without root it takes packets from the wire and judges them')
    except RuntimeError as error:
        tap.ok(False, 'without root it takes packets from the wire and judges them', f'{error}\n{appliance.said()}')
    nobody = str(pwd.getpwnam('nobody').pw_uid)
    programs = children(appliance.process)
    for program in ('konseki-dataplane', 'konseki-control', 'konseki-emu'):
        uids, held = powers(programs.get(program, 0))
        tap.equal((uids, held), ({nobody}, 0), f'{program}: no root, and no thread with a capability')
    uids, held = powers(programs.get('konseki', 0))
    tap.ok(uids == {nobody} and held & NET_ADMIN, 'konseki run keeps what it must hand to the next dataplane', (uids, hex(held)))
    tap.equal(appliance.stop(), 0, 'it ends in order')
    at.close()
    tap.done()


main()
