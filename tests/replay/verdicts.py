#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every capture of tests/captures is judged, and each verdict held against its label; evidence against tshark.

usage: verdicts.py BUILD
What a label says decides what the verdict may be:
  executed, shown on the wire   success, with evidence in the very packet in which tshark finds it; at most one in ten may be
                                unknown, because the request or ordinary traffic explains what was found or it is weak
  executed, nothing shown       unknown; never failure
  not executed                  never success
  benign                        no record
"""
import json, os, shutil, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki, wire
from tap import Tap

PRIORITY = {'success': 'high', 'unknown': 'medium', 'failure': 'low'}
# what success by each way of showing may give as its reason; code that prints may send something too
REASONS = {
    'output': {'trace-in-response', 'trace-in-later-flow'},
    'icmp': {'trace-in-later-flow'},
    'fetch': {'trace-in-later-flow'},
    'connect': {'trace-in-later-flow'},
    'delay': {'trace-in-delay'},
}


# a trace was found, but not beyond doubt: an honest unknown
DOUBTED = {'explained', 'weak-trace'}


def names(label, nth):
    return f'{nth}. {label["request_line"].rsplit(" ", 1)[0][:80]}'


def excerpt_of(evidence):
    if 'excerpt_base64' in evidence:
        import base64
        return base64.b64decode(evidence['excerpt_base64'])
    return evidence.get('excerpt', '').encode()


def evidence_errors(record, label, every):
    """Compares each found piece of evidence with tshark's frames; yields what does not fit."""
    request = wire.request_frame(every, label)
    if request is None:
        yield 'tshark does not find the request'
        return
    found = [e for e in record['triage']['evidence'] if e.get('found')]
    if not found:
        yield 'success without evidence'
    for evidence in found:
        trace = record['triage']['traces'][evidence['trace']]
        if evidence['where'].startswith('http.response'):
            frames = wire.response_frames(every, label, request)
            if evidence['packet'] not in [f.number for f in frames]:
                yield f'packet {evidence["packet"]} is no data of the response: {[f.number for f in frames]}'
            elif evidence['where'] == 'http.response_body':
                yield from excerpt_errors(evidence, frames)
        elif trace['kind'] == 'icmp':
            frame = wire.echo_request(every, request.number, trace['pattern'])
            if frame is None or frame.number != evidence['packet']:
                yield f'echo request: packet {evidence["packet"]}, tshark {frame and frame.number}'
        elif trace['kind'] in ('connect', 'fetch'):
            yield from connect_errors(evidence, trace, every, request)
        if evidence['bits'] <= 0:
            yield f'evidence of {evidence["bits"]} bits'


def excerpt_errors(evidence, frames):
    """The packet's own bytes hold the beginning of the excerpt, unless the body was compressed."""
    data = next(f.payload for f in frames if f.number == evidence['packet'])
    head = b''.join(f.payload for f in frames[:1])
    first = excerpt_of(evidence).split(b'\n')[0][:24]
    if b'gzip' not in head.partition(b'\r\n\r\n')[0] and first and first not in data:
        yield f'packet {evidence["packet"]} does not hold {first!r}'


def connect_errors(evidence, trace, every, request):
    address = trace['pattern'].partition('://')[2].partition('/')[0] if '://' in trace['pattern'] else trace['pattern']
    host, _, port = address.partition(':')
    frame = wire.opening(every, request.number, host, int(port) if port.isdigit() else 0)
    # a fetch is proven by its request, a connect by the packet that opens it
    same_flow = frame and [f.number for f in every if f.number >= frame.number and
                           {(f.src, f.sport), (f.dst, f.dport)} == {(frame.src, frame.sport), (frame.dst, frame.dport)}]
    if not frame or evidence['packet'] not in (same_flow if trace['kind'] == 'fetch' else [frame.number]):
        yield f'{trace["kind"]} {address}: packet {evidence["packet"]}, tshark {frame and frame.number}'


def check_label(tap, capture, label, record, every, nth):
    name = f'{capture}: {names(label, nth)}'
    triage = record['triage'] if record else None
    if label['class'] == 'benign':
        tap.ok(record is None, f'{name}: ordinary traffic is no alert', record and json.dumps(triage)[:600])
        return
    if label['executed'] and label['observable']:
        wanted = {'success', 'unknown'} if triage and triage['reason'] in DOUBTED else {'success'}
    elif label['executed']:
        wanted = {'unknown'}
    else:
        wanted = {'failure', 'unknown'}
    if not tap.ok(record is not None, f'{name}: has a record'):
        return
    told = f'{triage["verdict"]}, {triage["reason"]}: {triage.get("detail")}'
    tap.ok(triage['verdict'] in wanted, f'{name}: {" or ".join(sorted(wanted))}', told)
    tap.equal(triage['priority'], PRIORITY[triage['verdict']], f'{name}: priority follows the verdict')
    if triage['verdict'] == 'success':
        if label['observable']:
            tap.ok(triage['reason'] in REASONS[label['obs_kind']], f'{name}: for a reason that the wire shows', told)
        errors = list(evidence_errors(record, label, every))
        tap.ok(not errors, f'{name}: evidence where tshark finds it', '\n'.join(errors))


def check_capture(tap, conf, path):
    capture = os.path.basename(path)[:-len('.pcap')]
    records, done = konseki.replay([path], conf)
    if not tap.ok(records is not None and done.returncode == 0, f'{capture}: is judged', done.stderr.decode(errors='replace')):
        return {}
    every = wire.frames(path)
    by_line = {}
    pairs, left = konseki.pair(records, konseki.labels(path))
    tap.ok(not left, f'{capture}: every record belongs to a request', json.dumps(left)[:800])
    for nth, (label, record) in enumerate(pairs, 1):
        if not label['ambiguous']:
            check_label(tap, capture, label, record, every, nth)
            by_line[nth] = (label, record)
    return by_line


def check_refused(tap, judged):
    attacks = [(l, r) for l, r in judged.values() if l['class'] != 'benign']
    for label, record in attacks:
        got = record and (record['triage']['verdict'], record['triage']['reason'])
        tap.equal(got, ('failure', 'refused'), f'refused: {names(label, label["status"])} is failure by R1')


def check_share(tap, every):
    """Of all successes that the wire shows, how many are told; those of the recordings of others all."""
    shown = [(name, r) for name, judged in every.items() for l, r in judged.values() if l['executed'] and l['observable']]
    told = [name for name, r in shown if r and r['triage']['verdict'] == 'success']
    tap.ok(len(told) >= 0.9 * len(shown), f'{len(told)} of {len(shown)} successes that the wire shows are told')
    for name in sorted({n for n, _ in shown if n.startswith(('shellshock', 'apache', 'log4shell'))}):
        tap.equal(told.count(name), sum(n == name for n, _ in shown), f'{name}: each of them')


def check_cut(tap, judged):
    for label, record in judged.values():
        if label['class'] != 'benign':
            got = record and (record['triage']['verdict'], record['triage']['reason'])
            tap.equal(got, ('unknown', 'response-not-whole'), f'cut: {label["note"]} ended it: unknown, response not whole')


def check_renamed(tap, folder, conf, capture):
    """Nothing hangs on what a capture is called."""
    renamed = os.path.join(folder, 'renamed.pcap')
    shutil.copy(konseki.capture(capture), renamed)
    records, done = konseki.replay([renamed], conf)
    first, _ = konseki.replay([konseki.capture(capture)], conf)
    strip = lambda rs: [dict(r, triage=dict(r['triage'], emulation=None)) for r in rs or []]
    tap.equal(strip(records), strip(first), f'{capture}: the name of a file changes no verdict')


def main():
    tap = Tap()
    folder = konseki.scratch()
    conf = konseki.config(folder)
    judged = {os.path.basename(p)[:-5]: check_capture(tap, conf, p) for p in konseki.captures()}
    check_share(tap, judged)
    check_refused(tap, judged['refused'])
    check_cut(tap, judged['cut'])
    check_renamed(tap, folder, conf, 'shellshock-ping')
    tap.done()


main()
