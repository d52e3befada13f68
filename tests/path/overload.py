#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""More slow code than the emulated servers can run while the cases' windows are open: what waits too long is told as such. And a worker that
stands still: how long it has is the operator's to say.

usage: overload.py BUILD
"""
import os, signal, sys, threading, time
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import hosts, konseki
from appliance import Appliance, workers
from hosts import Site
from tap import Tap

CODES, WINDOW_S = 60, 3


def send(at, marks):
    """Each of them another code, none of which ends by itself in an emulated server."""
    for mark in marks:
        at.curl('/cgi-bin/lookup?host=' + quote(f'x;echo {mark};timeout 0.1 sh -c "while :; do :; done"', safe=''))


def newest(appliance, marks):
    found = {}
    for record in appliance.latest().values():
        found.update({mark: record['triage'] for mark in marks if mark in record.get('http', {}).get('url', '')})
    return found


def slow(tap, at, limit_s, still_s, wanted):
    """One attack, whose worker stands still for so long (None: for ever). Returns after how long the worker was ended, or its verdict there."""
    appliance = Appliance(at, konseki.scratch(), workers=1, emulation=f'limit_s = {limit_s};', judging='window_s = 30;')
    at.wait(appliance.ready, 'konseki show health', 30)
    at.wait(lambda: workers(appliance.process), 'a worker', 30)
    mark, worker, sent = f's{limit_s}r{os.getpid()}e', workers(appliance.process)[0], time.monotonic()
    os.kill(worker, signal.SIGSTOP)
    at.curl('/cgi-bin/lookup?host=' + quote(f'x;id;echo {mark}', safe=''))
    # what is told after ten seconds in any case is "not run"
    said = lambda: next((t for t in newest(appliance, [mark]).values() if t['emulation'].get('stopped_by', 'not run') != 'not run'), None)
    if still_s is None:
        at.wait(lambda: worker not in workers(appliance.process), 'the end of the worker', 60)
    else:
        time.sleep(still_s)
        os.kill(worker, signal.SIGCONT)
        at.wait(said, 'its verdict', 60)
    took = time.monotonic() - sent
    at.wait(said, 'its verdict', 60)
    tap.equal((said()['verdict'], said()['emulation'].get('stopped_by')), wanted,
              f'emulation.limit_s = {limit_s}: a worker that stands still for {f"{still_s} s" if still_s else "ever"}')
    appliance.stop()
    return took


def main():
    tap = Tap()
    reason = hosts.why_not()
    if reason:
        tap.skip('more than can be emulated', reason)
        tap.done()
    folder = konseki.scratch()
    at = Site(folder)
    at.apache()
    appliance = Appliance(at, folder, workers=1, judging=f'window_s = {WINDOW_S};')
    at.wait(appliance.ready, 'konseki show health', 30)
    marks = [f'o{i}r{os.getpid()}e' for i in range(CODES)]
    threads = [threading.Thread(target=send, args=(at, marks[i::6])) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = time.monotonic()
    told = lambda: newest(appliance, marks)
    at.wait(lambda: len(told()) == CODES and all(t['final'] for t in told().values()), 'final verdicts of all', 60)
    tap.ok(time.monotonic() - sent < 30, f'every case is closed within seconds ({time.monotonic() - sent:.1f})')
    late = [t for t in told().values() if t['reason'] == 'queue-late']
    tap.ok(late, f'what waited longer than its window says so ({len(late)} of {CODES})')
    tap.ok(all(t['verdict'] == 'unknown' for t in late), 'and is unknown, no failure')
    tap.ok(all(t['emulation'].get('stopped_by') != 'watchdog' for t in told().values()), 'and no worker is ended for it')
    tap.ok(len(late) < CODES, 'the others were judged')
    mark = f'after{os.getpid()}e'
    at.curl('/cgi-bin/lookup?host=' + quote(f'x;id;echo {mark}', safe=''))
    at.wait(lambda: appliance.alert(mark, 'success'), 'a success after the flood', 30)
    tap.ok(True, 'what nobody waits for any more keeps nothing up: the next attack is judged')
    appliance.stop()
    took = slow(tap, at, 1, None, ('unknown', 'watchdog'))
    tap.ok(took < 8, f'and it is ended after about a second ({took:.1f})')
    slow(tap, at, 60, 10, ('success', 'exit'))
    at.close()
    tap.done()


main()
