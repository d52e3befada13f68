#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Exports match what the IOCs match, and say what they do not; feeds are signed; lists and pools keep what they should.

usage: exports.py BUILD
Sigma, STIX and OpenIOC are evaluated here by readers of this test, over values that endpoints would write.
"""
import csv, io, json, math, os, random, re, shutil, subprocess, sys
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import schema as schemas
from konseki import BUILD, ROOT, konseki, scratch
from tap import Tap

try:
    import jsonschema, yaml
except ImportError:
    jsonschema = yaml = None
IOC = os.path.join(BUILD, 'control', 'iocgen', 'konseki-ioc')
FOLDER = scratch()
tap = Tap()


def ioc(*arguments):
    done = subprocess.run([IOC, *arguments], capture_output=True, timeout=60, cwd=FOLDER)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def write(name, text):
    with open(os.path.join(FOLDER, name), 'w') as file:
        file.write(text)
    return name


def schema(name):  # of foreign formats, as far as we write them
    with open(os.path.join(ROOT, 'tests', 'support', name)) as file:
        return json.load(file)


def hole(kind, least, most):
    return {'hole': kind, 'min': least, 'max': most}


# kind, action, pieces, open in front, open behind; values that it matches; look-alikes that it does not
APPDATA = ('file', 'change', ['%appdata%\\zyx\\', hole('word', 5, 8), '.exe'], False, False)
RUN = ('registry', 'change', ['hkcu\\software\\microsoft\\windows\\currentversion\\run\\zyx'], False, False)
CASES = [
    (APPDATA, ['C:\\Users\\ann\\AppData\\Roaming\\Zyx\\Qwerty.exe', 'D:\\Documents and Settings\\bob\\Application Data\\zyx\\abcd1.EXE'],
     ['C:\\Users\\ann\\AppData\\Roaming\\Zyx\\ab.exe', 'C:\\Users\\ann\\AppData\\Local\\Zyx\\qwerty.exe', 'C:\\Users\\ann\\AppData\\Roaming\\Zyx\\qwerty.exe.bak',
      'C:\\Users\\ann\\AppData\\Roaming\\Zyx\\qwertyXexe']),
    (RUN, ['HKU\\S-1-5-21-1-2-3-1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Zyx', 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\zyx'],
     ['HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Zyx', 'HKU\\S-1-5-21-1-2-3-1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Zyxx']),
    (('registry', 'change', ['hklm\\software\\zyx\\', hole('guid', 36, 36)], False, False),
     ['HKLM\\SOFTWARE\\Zyx\\0b9d1f6a-1111-2222-3333-444455556666', 'HKLM\\SOFTWARE\\WOW6432Node\\Zyx\\0b9d1f6a-1111-2222-3333-444455556666'],
     ['HKLM\\SOFTWARE\\Zyx\\x', 'HKLM\\SYSTEM\\Zyx\\0b9d1f6a-1111-2222-3333-444455556666']),
    (('file', 'change', ['%systemroot%\\system32\\zyx.dll'], False, False), ['C:\\Windows\\System32\\zyx.dll', 'C:\\Windows\\SysWOW64\\ZYX.dll'],
     ['C:\\Windows\\zyx.dll', 'C:\\Windows\\System32\\zyx.dll.mui', 'C:\\Windows\\System32\\zyx_dll']),
    (('process', 'any', ['\\zyx\\core+x (1).exe'], True, False), ['D:\\a\\zyx\\core+x (1).exe'], ['D:\\a\\xzyx\\core+x (1).exe', 'D:\\a\\zyx\\corex (1).exe']),
    (('file', 'change', ['c:\\zyxdata\\'], False, True), ['C:\\zyxdata\\a\\b.bin'], ['C:\\zyxdat\\a', 'D:\\zyxdata\\a']),
    (('command', 'any', ['cmd.exe /c "echo (a+b)*[x] ? \'q\' ^& dir \\\\srv\\c$ "', hole('number', 2, 4)], False, False),
     ['cmd.exe /c "echo (a+b)*[x] ? \'q\' ^& dir \\\\srv\\C$ "17'], ['cmd.exe /c "echo (aab)[x] ? \'q\' ^& dir \\\\srv\\C$ "17', 'cmd.exe /c "echo (a+b)*[x] ? \'q\' ^& dir \\\\srv\\C$ "1']),
    (('command', 'any', ['cmd.exe /c "echo (a+b)*[x] ? \'q\' ^& dir \\\\srv\\c$ "'], False, False),
     ['cmd.exe /c "echo (a+b)*[x] ? \'q\' ^& dir \\\\srv\\C$ "'], ['cmd.exe /c "echo (a+b)xxx[x] y \'q\' ^& dir \\\\srv\\C$ "', 'cmd.exe /c "echo (a+b)*[x] ? \'q\' ^& dir \\srv\\C$ "']),
    (('url', 'any', ['http://c2.example.net/gate.php?id=', hole('number', 3, 5)], False, False), ['http://c2.example.net/gate.php?id=1234'],
     ['http://c2xexample.net/gate.php?id=1234', 'http://c2.example.net/gate.php?id=12']),
    (('dns', 'any', ['.zyx.example'], True, False), ['a.zyx.example', 'B.ZYX.example'], ['azyx.example', 'a.zyx.example.org']),
    (('ip', 'any', ['192.0.2.7:443'], False, False), ['192.0.2.7:443'], ['192.0.2.70:443', '192.0.2.7:444']),
    (('ip', 'any', ['[2001:db8::7]:8443'], False, False), ['[2001:db8::7]:8443'], ['[2001:db8::8]:8443', '[2001:db8::7]:443']),
    (('agent', 'any', ['zyx/1.', hole('number', 1, 1), ' (x*)'], False, False), ['Zyx/1.4 (x*)'], ['zyx/14 (x*)', 'zyx/1.4 (xx)']),
    (('service', 'any', ['zyxsvc', hole('hex', 4, 4)], False, False), ['ZyxSvc00fa'], ['ZyxSvc00fg']),
    (('task', 'any', ['\\zyx update'], False, False), ['\\Zyx Update'], ['\\Zyx Updater']),
    (('pipe', 'any', ['\\zyx-', hole('number', 4, 4)], False, False), ['\\zyx-4411'], ['\\zyx-441', '\\azyx-4411']),
    (('mutex', 'any', ['global\\zyx-', hole('hex', 8, 8)], False, False), ['Global\\zyx-00ffaa11'], ['Global\\zyx-00ffaa1x']),
    (('file', 'delete', ['c:\\zyx.doc'], False, False), ['C:\\zyx.doc'], ['C:\\zyx.docx']),
    (('file', 'look', ['c:\\secret\\zyx.key'], False, False), ['C:\\secret\\zyx.key'], ['C:\\secret\\zyx.key2']),
    (('file', 'change', ['/tmp/.zyx', hole('number', 3, 3)], False, False), ['/tmp/.zyx123'], ['/tmp/xzyx123', '/tmp/.zyx12']),
]
FIELDS = {'file': ('TargetFilename', 'FileName'), 'registry': ('TargetObject',), 'process': ('Image',), 'command': ('CommandLine',), 'url': ('c-uri',),
          'dns': ('QueryName',), 'agent': ('c-useragent',), 'service': ('ServiceName',), 'task': ('TaskName',), 'pipe': ('PipeName',)}


def piece(p):
    return {'text': p} if isinstance(p, str) else p


def pattern_of(case):
    kind, action, pieces, front, back = case
    text = ''.join(p if isinstance(p, str) else f'<{p["hole"]}>' for p in pieces)
    return {'kind': kind, 'action': action, 'text': text, 'open_front': front, 'open_back': back, 'pieces': [piece(p) for p in pieces]}


def ioc_of(number, *cases, samples=5, hits=0, family='zyx'):
    return {'id': f'{number:016x}', 'family': family, 'sentence': f'What "{number}" leaves: it\'s <b>', 'all_of': [pattern_of(c) for c in cases], 'samples': samples,
            'family_samples': 100, 'others': 0, 'benign_hits': hits, 'benign_samples': 1000, 'fpr': {'low': 0, 'high': 0.00368}, 'first_seen': '2024-01-02',
            'last_seen': '2024-05-06', 'examples': ['x']}


def set_of(iocs, covered, hits=0):
    return json.dumps({'version': '1', 'max_fpr': 0.0097, 'malware_samples': 120, 'malware_covered': covered, 'benign_samples': 1000, 'benign_hits': hits,
                       'fpr': {'low': 0, 'high': 0.00368}, 'families': [{'family': 'zyx', 'samples': 100, 'covered': covered, 'value': 1, 'bound': 1, 'gap': 0, 'exact': True}],
                       'iocs': iocs})


BOTH = 99  # an IOC of two patterns
IOCS = write('iocs.json', set_of([ioc_of(i + 1, case) for i, (case, _, _) in enumerate(CASES)] + [ioc_of(BOTH, APPDATA, RUN)], 100))


def event(kind, value):
    if kind == 'ip':
        address, _, port = value.rpartition(':')
        return {'DestinationIp': address.strip('[]'), 'DestinationPort': int(port)}
    return {**{f: value for f in FIELDS.get(kind, ())}, 'EventType': 'SetValue', 'Provider_Name': 'Service Control Manager', 'EventID': {'service': 7045, 'task': 4698}.get(kind)}


def plain(text):
    """A Sigma value as a regular expression: wildcards and their escapes."""
    out, i = '', 0
    while i < len(text):
        if text[i] == '\\' and text[i + 1:i + 2] in ('*', '?', '\\'):
            i += 1
            out += re.escape(text[i])
        else:
            out += {'*': '.*', '?': '.'}.get(text[i], re.escape(text[i]))
        i += 1
    return out


def sigma_matches(rule, event):
    for key, wanted in rule['detection']['selection'].items():
        field, _, modifier = key.partition('|')
        got = event.get(field)
        shapes = {'re': lambda v: v, '': lambda v: f'(?is)^{plain(v)}$', 'endswith': lambda v: f'(?is){plain(v)}$', 'startswith': lambda v: f'(?is)^{plain(v)}',
                  'contains': lambda v: f'(?is){plain(v)}'}
        if not any(got == v if isinstance(v, int) else got is not None and re.search(shapes[modifier](v), str(got)) for v in (wanted if isinstance(wanted, list) else [wanted])):
            return False
    return True


HIVES = {'HKLM': 'HKEY_LOCAL_MACHINE', 'HKCU': 'HKEY_CURRENT_USER', 'HKU': 'HKEY_USERS'}


def long_key(value):
    hive, _, rest = value.partition('\\')
    return f'{HIVES[hive]}\\{rest}'


def stix_object(kind, value):
    if kind == 'ip':
        e = event(kind, value)
        return {'network-traffic:dst_ref.value': e['DestinationIp'], 'network-traffic:dst_port': e['DestinationPort']}
    if kind in ('file', 'process'):
        folder, name = re.fullmatch(r'(.*)[\\/]([^\\/]*)', value).groups()
        prefix = 'file:' if kind == 'file' else 'process:image_ref.'
        return {prefix + 'name': name, prefix + 'parent_directory_ref.path': folder}
    if kind == 'registry':
        key, _, name = long_key(value).rpartition('\\')
        return {'windows-registry-key:key': key, 'windows-registry-key:values[*].name': name}
    return {{'mutex': 'mutex:name', 'command': 'process:command_line', 'service': "process:extensions.'windows-service-ext'.service_name", 'url': 'url:value', 'dns': 'domain-name:value',
             'agent': "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"}.get(kind): value}


COMPARISON = re.compile(r"([a-z-]+:(?:[\w.\[\]*-]|'[\w -]+')+) (MATCHES|=) (?:'((?:[^'\\]|\\.)*)'|([0-9]+))")


def stix_matches(pattern, seen):
    def decide(found):
        got, wanted = seen.get(found[1]), re.sub(r'\\(.)', r'\1', found[3]) if found[3] is not None else int(found[4])
        return str(got is not None and (re.search(wanted, got) is not None if found[2] == 'MATCHES' else got == wanted))
    text = COMPARISON.sub(decide, pattern)
    text = re.sub(r' WITHIN \d+ SECONDS', '', text).replace('[', '(').replace(']', ')').replace(' AND ', ' and ').replace(' OR ', ' or ')
    assert re.fullmatch(r'(True|False|and|or|[() ])*', text), text
    return eval(text)


def openioc_matches(item, value):
    content, condition = item.find('{*}Content').text, item.get('condition')
    if condition == 'matches':
        return re.search('(?i)' + content, value) is not None
    value, content = value.lower(), content.lower()
    return {'is': value == content, 'contains': content in value, 'starts-with': value.startswith(content), 'ends-with': value.endswith(content)}[condition]


def lines_of(text, what):
    return [line.strip(' #') for line in text.splitlines() if what in line]


# Sigma
if yaml is None:
    tap.skip('Sigma rules', 'python3-yaml and python3-jsonschema are not here')
else:
    code, text, told = ioc('export', '--iocs', IOCS, '--format', 'sigma')
    rules = list(yaml.safe_load_all(text))
    by_name = {r.get('name'): r for r in rules if 'detection' in r}
    wrong = []
    for rule in rules:
        try:
            jsonschema.validate(json.loads(json.dumps(rule, default=str)), schema('sigma.json'))
        except jsonschema.ValidationError as e:
            wrong.append(e.message)
    tap.equal((code, wrong), (0, []), 'Sigma: every rule is one')
    tap.equal(len({r['id'] for r in rules}), len(rules), 'Sigma: identifiers are their own')
    carried = 0
    for i, (case, yes, no) in enumerate(CASES):
        rule = by_name.get(f'konseki_{i + 1:016x}_1')
        if case[0] == 'mutex':
            tap.ok(rule is None, f'Sigma: {case[0]} is not carried')
            continue
        carried += 1
        if tap.ok(rule is not None, f'Sigma: {case[0]} {case[1]} is carried'):
            tap.equal(([v for v in yes if not sigma_matches(rule, event(case[0], v))], [v for v in no if sigma_matches(rule, event(case[0], v))]), ([], []),
                      f'Sigma: {case[0]} {case[1]} {case[2][0]}')
    tap.equal([r['correlation']['rules'] for r in rules if 'correlation' in r], [[f'konseki_{BOTH:016x}_1', f'konseki_{BOTH:016x}_2']], 'Sigma: two patterns are a correlation')
    tap.ok(f'carries {carried + 1} of {len(CASES) + 1} IOCs' in told, 'Sigma: what is not carried is counted', told)
    tap.ok(lines_of(told, 'mutexes') == ['1 not carried: no log source of Sigma tells of mutexes'], 'Sigma: with its reason', told)
    tap.equal([line[2:] for line in text.splitlines() if line.startswith('#')], told.splitlines(), 'Sigma: the export itself says so')
    tap.equal(ioc('export', '--iocs', IOCS, '--format', 'sigma')[1], text, 'Sigma: the same bytes again')

# STIX
code, text, told = ioc('export', '--iocs', IOCS, '--format', 'stix')
bundle = json.loads(text)
if jsonschema:
    jsonschema.validate(bundle, schema('stix.json'))
ids = [o['id'] for o in bundle['objects']]
tap.equal((len(set(ids)), [r for o in bundle['objects'] for r in [o.get('source_ref'), o.get('target_ref'), o.get('created_by_ref'), *o.get('object_refs', [])] if r and r not in ids]),
          (len(ids), []), 'STIX: a bundle whose references lead to its objects')
indicators = {o['name']: o for o in bundle['objects'] if o['type'] == 'indicator'}
for i, (case, yes, no) in enumerate(CASES):
    found = indicators.get(f'konseki {i + 1:016x}')
    if case[0] in ('task', 'pipe'):
        tap.ok(found is None, f'STIX: {case[0]} is not carried')
    elif tap.ok(found is not None, f'STIX: {case[0]} {case[1]} is carried'):
        tap.equal(([v for v in yes if not stix_matches(found['pattern'], stix_object(case[0], v))], [v for v in no if stix_matches(found['pattern'], stix_object(case[0], v))]),
                  ([], []), f'STIX: {case[0]} {case[1]} {case[2][0]}')
tap.ok(re.fullmatch(r"\(\[.*\] AND \[.*\]\) WITHIN 3600 SECONDS", indicators[f'konseki {BOTH:016x}']['pattern']), 'STIX: two patterns are two observations')
tap.ok('2 not carried: no object of STIX is a task or a pipe' in told, 'STIX: what is not carried is told', told)

# OpenIOC
code, text, told = ioc('export', '--iocs', IOCS, '--format', 'openioc', '--out', 'out.xml')
if shutil.which('xmllint'):
    done = subprocess.run(['xmllint', '--noout', '--schema', os.path.join(ROOT, 'tests', 'support', 'openioc.xsd'), os.path.join(FOLDER, 'out.xml')], capture_output=True)
    tap.ok(done.returncode == 0, 'OpenIOC: valid by its schema', done.stderr.decode())
tree = xml.parse(os.path.join(FOLDER, 'out.xml')).getroot()
either = tree.find('{*}criteria/{*}Indicator').findall('{*}Indicator')
left = [(c, y, n) for c, y, n in CASES if c[1] not in ('delete', 'look')] + [None]
tap.equal(len(either), len(left), 'OpenIOC: what is deleted or read is not carried')
for indicator, entry in zip(either, left):
    if entry is None:
        tap.equal(len(indicator.findall('{*}Indicator')), 2, 'OpenIOC: two patterns are both asked for')
        continue
    case, yes, no = entry
    items = indicator.findall('{*}Indicator/{*}IndicatorItem')
    change = long_key if case[0] == 'registry' else lambda v: event('ip', v)['DestinationIp'] if case[0] == 'ip' else v
    no = [v for v in no if change(v) not in [change(y) for y in yes]]
    tap.equal(([v for v in yes if not any(openioc_matches(i, change(v)) for i in items)], [v for v in no if case[0] != 'pipe' and any(openioc_matches(i, change(v)) for i in items)]),
              ([], []), f'OpenIOC: {case[0]} {case[2][0]}')

# CSV and JSON carry everything
code, text, told = ioc('export', '--iocs', IOCS, '--format', 'csv')
rows = list(csv.DictReader(io.StringIO(text)))
tap.equal(([r['ioc'] for r in rows], [r['sentence'] for r in rows][:1]), ([f'{i + 1:016x}' for i in range(len(CASES))] + [f'{BOTH:016x}'] * 2, ['What "1" leaves: it\'s <b>']), 'CSV: a line a pattern')
tap.ok(re.search(rows[0]['regex'].replace('\\x80-\\xff', ''), '%appdata%\\zyx\\abcde.exe'), 'CSV: with its regular expression')
tap.equal(json.loads(ioc('export', '--iocs', IOCS, '--format', 'json')[1])['iocs'][0]['id'], f'{1:016x}', 'JSON: our own form')

# what remains, by hand: 90 of 100 are covered; the mutex alone has 60 samples and 3 hits, the rest 50 and 2 hits
remains = write('remains.json', set_of([ioc_of(1, CASES[16][0], samples=60, hits=3), ioc_of(2, CASES[9][0], samples=50, hits=2), ioc_of(3, CASES[10][0], samples=20)], 90, 4))
told = ioc('export', '--iocs', remains, '--format', 'sigma')[2]
tap.ok('they match 50 to 70 of 120 malware samples (all IOCs: 90) and 2 of 1000 ordinary ones (all IOCs: 4)' in told, 'what remains is bounded by what is known', told)
low, high = 0.0, 1.0
for _ in range(60):  # the share at which 2 of 1000 or fewer come with a chance of 2.5 %
    share = (low + high) / 2
    low, high = (share, high) if sum(math.comb(1000, k) * share ** k * (1 - share) ** (1000 - k) for k in range(3)) > 0.025 else (low, share)
tap.ok(f'at most {100 * share:.3f} %' in told, 'with the interval of Clopper and Pearson', (share, told))
code, _, why = ioc('export', '--iocs', write('broken.json', '{"version": "1", "iocs": 3}'), '--format', 'csv')
tap.ok(code == 1 and len(why.splitlines()) == 1, 'what is no file of IOCs is refused', why)

# the feed
if not shutil.which('signify-openbsd'):
    tap.skip('the feed', 'signify-openbsd is not here')
else:
    signify = lambda *a: subprocess.run(['signify-openbsd', *a], capture_output=True, cwd=FOLDER).returncode
    signify('-G', '-n', '-p', 'feed.pub', '-s', 'feed.sec'), signify('-G', '-n', '-p', 'other.pub', '-s', 'other.sec')
    for n, ids in enumerate(([1, 2, 3], [2, 3, 4, 5], [2, 3, 4, 5]), 1):
        code, text, why = ioc('publish', '--iocs', write('now.json', set_of([ioc_of(i, CASES[i][0]) for i in ids], 50)), '--feed', 'feed', '--key', 'feed.sec', '--date', '2024-05-06')
        tap.equal((code, signify('-V', '-q', '-p', 'feed.pub', '-m', f'feed/{n}.json')), (0, 0), f'feed {n} is signed')
    feeds = [json.load(open(os.path.join(FOLDER, 'feed', f'{n}.json'))) for n in (1, 2, 3)]
    schemas.check(tap, 'ioc_feed', feeds, 'a feed', broken={'feed': 'x'})
    tap.equal([(f['added'], [w['id'] for w in f['withdrawn']]) for f in feeds], [([f'{i:016x}' for i in (1, 2, 3)], []), ([f'{i:016x}' for i in (4, 5)], [f'{1:016x}']), ([], [])],
              'a feed says what was added and withdrawn')
    sha = subprocess.run(['sha256sum', os.path.join(FOLDER, 'feed', '1.json')], capture_output=True).stdout.decode().split()[0]
    tap.equal(feeds[1]['previous'], {'serial': 1, 'sha256': sha}, 'and what it follows on')
    tap.equal(ioc('publish', '--iocs', 'now.json', '--feed', 'feed', '--key', 'other.sec')[0], 1, "nobody goes on with another one's feed")
    with open(os.path.join(FOLDER, 'feed', '3.json'), 'a') as file:
        file.write(' ')
    tap.equal(ioc('publish', '--iocs', 'now.json', '--feed', 'feed', '--key', 'feed.sec')[0], 1, 'nor with one that was changed')
    os.chmod(os.path.join(FOLDER, 'feed.sec'), 0o644)
    tap.equal(ioc('publish', '--iocs', 'now.json', '--feed', 'feed', '--key', 'feed.sec')[0], 1, 'nor with a key that others may read')

# lists
LISTS = {
    'a.txt': '# list\n192.0.2.1\n192.0.2.77/24 # net\nhxxp://Evil[.]example/Gate.php?a=1\nevil.example.\n2001:DB8::1\n203.0.113.9:8080\n*.Wild.example\n\n0.0.0.0 blocked.example\n',
    'b.csv': '"first_seen","ioc_id","ioc_value","type"\n"2024-01-01","1","198.51.100.3:443","ip:port"\n"2024","2","a.b.example","domain"\n',
    'c.json': json.dumps({'Event': {'Attribute': [{'type': 'ip-dst', 'value': '198.51.100.4', 'to_ids': True}, {'type': 'ip-dst', 'value': '198.51.100.5', 'to_ids': False},
                                                  {'type': 'domain|ip', 'value': 'c.example|198.51.100.6', 'to_ids': True}, {'type': 'comment', 'value': 'x', 'to_ids': True}],
                                    'Object': [{'name': 'file', 'Attribute': [{'type': 'sha256', 'value': 'AB' * 32, 'to_ids': '1'}, {'type': 'ja3-fingerprint-md5', 'value': 'cd' * 16, 'to_ids': True}]}]}}),
    'd.json': json.dumps({'type': 'bundle', 'id': 'bundle--1', 'objects': [{'type': 'indicator', 'pattern_type': 'stix', 'pattern': p} for p in (
        "[domain-name:value = 'd.example' OR ipv4-addr:value = '198.51.100.9']", "[file:hashes.'SHA-1' = '" + '01' * 20 + "']", "[url:value='http://e.example/it\\'s']")]}),
}
WANTED = {('ip', '192.0.2.1'), ('ip', '192.0.2.0/24'), ('url', 'http://evil.example/Gate.php?a=1'), ('domain', 'evil.example'), ('ip', '2001:db8::1'), ('ip', '203.0.113.9'),
          ('domain', 'wild.example'), ('domain', 'blocked.example'), ('ip', '198.51.100.3'), ('domain', 'a.b.example'), ('ip', '198.51.100.4'), ('domain', 'c.example'),
          ('ip', '198.51.100.6'), ('sha256', 'ab' * 32), ('ja3', 'cd' * 16), ('domain', 'd.example'), ('ip', '198.51.100.9'), ('sha1', '01' * 20), ('url', "http://e.example/it's")}
names = [write(n, t) for n, t in LISTS.items()]
code, text, why = ioc('list', '--format', 'json', *names)
tap.equal((code, why, {(o['type'], o['value']) for o in map(json.loads, text.splitlines())}), (0, '', WANTED), 'lists of four forms are read')
for form in ('csv', 'stix', 'misp', 'plain', 'json'):
    write('out', ioc('list', '--format', form, *names)[1])
    again = {(o['type'], o['value']) for o in map(json.loads, ioc('list', '--format', 'json', 'out')[1].splitlines())}
    # STIX has no JA3; a plain digest of 32 digits is a file's
    wanted = WANTED - {('ja3', 'cd' * 16)} | (set() if form in ('stix',) else {('ja3', 'cd' * 16)} if form == 'misp' else {('md5', 'cd' * 16)})
    tap.equal(again ^ wanted, set(), f'{form} is written as it is read')
code, text, why = ioc('list', write('bad.txt', 'no indicator\n1.2.3\n' + 'x' * 40000 + '\n198.51.100.1\n300.1.1.1\n'))
tap.equal((code, [line for line in text.splitlines() if line[0] != '#'], why.count('\n')), (1, ['198.51.100.1'], 4), 'what is no indicator is named')
code, text, why = ioc('list', write('both.json', json.dumps({'type': 'bundle', 'objects': [{'type': 'indicator', 'pattern': "[ipv4-addr:value = '198.51.100.1' AND network-traffic:dst_port = 80]"}]})))
tap.equal((code, [line for line in text.splitlines() if line[0] != '#']), (1, []), 'a pattern of two conditions is no indicator of one')
code, text, why = ioc('list', '--iocs', IOCS, '--format', 'json')
tap.equal((code, {json.loads(line)['value'] for line in text.splitlines()}), (0, {'192.0.2.7', '2001:db8::7'}), 'of endpoint IOCs what is about one fixed end goes into a list')
tap.equal((ioc('import', '--out', 'list.txt', *names)[0], len([line for line in open(os.path.join(FOLDER, 'list.txt')) if line[0] != '#'])), (0, len(WANTED)), 'import makes one list')
ioc('list', '--format', 'rules', '--out', 'list.rules', 'list.txt')
done = konseki('check', '--rules', os.path.join(FOLDER, 'list.rules'), '-c', os.path.join(ROOT, 'config', 'konseki.conf'))
tap.ok(done.stdout.decode().splitlines()[-1] == '22 rules loaded, 0 refused', 'rules of a list load: two for each of 6 names, one for each of 8 addresses and 2 URLs', done.stdout.decode() + done.stderr.decode())

# choosing from a pool
chance, pool = random.Random(7), []


def sample(name, family, values, day='2024-01-03', source='s1', label='malware', kind='file'):
    pool.append({'sample': name, 'label': label, 'family': family, 'date': day, 'source': source, 'artefacts': [{'kind': kind, 'action': 'write', 'value': v} for v in values]})


def some(n, prefix):
    return [f'C:\\{prefix}\\{chance.randrange(16 ** 8):08x}.bin' for _ in range(n)]


for i in range(60):
    sample(f'a{i}', 'big', some(40, 'a'), f'2024-01-0{1 + i % 3}', f's{i % 2}')
for i in range(20):
    sample(f'b{i}', 'small', some(40, 'b'))
twin = some(40, 'twin')
sample('t1', 'small', twin), sample('t2', 'small', [v.upper() for v in reversed(twin)]), sample('t3', 'small', twin[:39] + some(1, 'x')), sample('t4', 'small', twin[:20] + some(20, 'x'))
sample('t5', 'big', twin)  # alike, but another family's
sample('old', 'big', some(5, 'a'), '2023-12-31'), sample('unix', 'big', ['/tmp/a', '/etc/b']), sample('bare', 'big', ['m'], kind='mutex'), sample('rare', 'rare', some(5, 'r'))
sample('nofamily', None, some(5, 'n')), sample('nolabel', None, some(5, 'n'), label=None)
for i in range(10):
    sample(f'g{i}', None, some(8, 'g'), label='benign')
options = ['--platform', 'windows', '--kinds', 'file,registry', '--from', '2024-01-01', '--to', '2024-01-07', '--least-family', '2', '--quota', '30', '--total', '44']
code, text, why = ioc('select', '--out', 'm1', '--plain', 'chosen.jsonl', *options, write('pool.jsonl', ''.join(json.dumps(s) + '\n' for s in pool)))
manifest = {o['sample']: o for o in map(json.loads, open(os.path.join(FOLDER, 'm1')))}
tap.equal((code, len(manifest)), (0, len(pool)), 'a reason for every sample of the pool')
schemas.check(tap, 'ioc_manifest', list(manifest.values()), 'a manifest', broken={'sample': 'x'})
reason = lambda name: manifest[name]['reason']
tap.equal([reason(n) for n in ('old', 'unix', 'bare', 'rare', 'nofamily', 'nolabel', 'g1')],
          ['outside the window', 'of another platform', 'too few artefacts that the target can match', 'of a family too rare in the window', 'of no family',
           'nobody says whether it is malware', 'taken: ordinary software'], 'what does not fit is left out by its reason')
same = [n for n in ('t1', 't2') if reason(n) == 'the same artefacts as another one']
tap.ok(len(same) == 1 and manifest[same[0]]['like'] in ('t1', 't2', 't3'), 'the same artefacts in another order and case are one sample', [(n, reason(n)) for n in ('t1', 't2', 't3')])
tap.ok(sum(manifest[n]['taken'] or 'quota' in reason(n) for n in ('t1', 't2', 't3')) == 1, 'and so are those that differ by one in forty', [(n, reason(n)) for n in ('t1', 't2', 't3')])
tap.ok('nother one' not in reason('t4') and 'nother one' not in reason('t5'), 'half alike is not alike, and families are apart', (reason('t4'), reason('t5')))
taken = {f: [o for o in manifest.values() if o['taken'] and o['family'] == f] for f in ('big', 'small')}
tap.equal((len(taken['big']), len(taken['small'])), (30, 14), 'families have their share of the total by how common they are, and no more than their quota')
counts = sorted([(o['date'], o['source']) for o in taken['big']].count(k) for k in {(o['date'], o['source']) for o in taken['big']})
tap.ok(len(counts) >= 6 and counts[-1] - counts[1] <= 2, 'sources and days come in turn', counts)
chosen = [json.loads(line) for line in open(os.path.join(FOLDER, 'chosen.jsonl'))]
tap.equal(({s['sample'] for s in chosen}, {a['kind'] for s in chosen for a in s['artefacts']}), ({n for n, o in manifest.items() if o['taken']}, {'file'}),
          'what was taken is written in the plain form, with what the target can match')
chance.shuffle(pool)
ioc('select', '--out', 'm2', *options, write('pool.jsonl', ''.join(json.dumps(s) + '\n' for s in pool)))
tap.equal(sorted(open(os.path.join(FOLDER, 'm1'))), sorted(open(os.path.join(FOLDER, 'm2'))), 'the order of the pool does not matter')

# the score of a pool: one sample of a family in three has a sign of its own, random beside that
scored = [{'sample': f's{i}', 'label': 'malware' if i % 2 else 'benign', 'family': 'zyx' if i % 2 else None, 'source': f'a{i % 3}/b', 'artefacts': [
    {'kind': 'file', 'action': 'write', 'value': f'C:\\d\\{chance.randrange(16 ** 8):08x}.bin'}] + ([{'kind': 'mutex', 'action': 'create', 'value': 'zyxzyx'}] if i % 6 == 1 else [])}
    for i in range(120)]
code, text, why = ioc('score', '--split', 'random', '--split', 'source', '--baselines', '--json', write('scored.jsonl', ''.join(json.dumps(s) + '\n' for s in scored)))
rows = [json.loads(line) for line in text.splitlines()]
schemas.check(tap, 'ioc_score', rows, 'a score', broken={'split': 'time'})
tap.equal((code, len(rows)), (0, 10), 'every method has its row in every split')
tap.equal([(r['malware'], round(r['malware'] * r['tpr']), r['benign'], r['fpr']) for r in rows if (r['split'], r['method']) == ('source', 'konseki')],
          [(60, 0, 60, 0)], 'a sign that one archive alone shows is found in no other')

# labels of folders
for path in ('tree/malware/zyx/one.json', 'tree/benign/two.json', 'tree/three.json'):
    os.makedirs(os.path.dirname(os.path.join(FOLDER, path)), exist_ok=True)
    write(path, '{"files_created":["c:\\\\x"],"mutexes_created":["m"]}')
found = {s['sample']: (s['label'], s['family']) for s in map(json.loads, ioc('convert', 'tree')[1].splitlines())}
tap.equal(found, {'one': ('malware', 'zyx'), 'two': ('benign', None), 'three': (None, None)}, 'folders label what lies in them')
write('t.csv', 'sample,label,family\nthree.json,malware,three\ntwo,malware,odd\n')
found = {s['sample']: (s['label'], s['family']) for s in map(json.loads, ioc('convert', '--labels', 't.csv', 'tree')[1].splitlines())}
tap.equal(found, {'one': ('malware', 'zyx'), 'two': ('malware', 'odd'), 'three': ('malware', 'three')}, 'a table comes before them, and knows files by their name with or without its ending')
tap.equal(json.loads(ioc('convert', 'tree/benign/two.json')[1])['label'], None, 'but only below the one that was named')
# from CAPE reports to a rule, as README.md tells it
import cape_pool
cape_pool.main(os.path.join(FOLDER, 'cape'))
steps = [ioc('select', '--out', 'm3', '--plain', 'c3', '--kinds', 'file,registry,process,command', 'cape'), ioc('generate', '--out', 'cape.json', 'c3'),
         ioc('export', '--iocs', 'cape.json', '--format', 'sigma')]
tap.equal([s[0] for s in steps], [0, 0, 0], 'from CAPE reports to a Sigma rule')
if yaml:
    rules = [r for r in yaml.safe_load_all(steps[2][1]) if 'detection' in r]
    chance = random.Random(99)

    def hit(summary):
        seen = [event('file', v) for v in summary['write_files']] + [event('registry', v.replace('HKEY_USERS', 'HKU')) for v in summary['write_keys']] + \
            [event('command', v) for v in summary['executed_commands']]
        return any(sigma_matches(r, e) for r in rules for e in seen)
    tap.equal((sum(hit(cape_pool.malware(chance)[0]) for _ in range(100)), sum(hit(cape_pool.ordinary(chance)[0]) for _ in range(300))), (100, 0),
              'the rules know the family on other machines, and nothing else')
tap.done()
