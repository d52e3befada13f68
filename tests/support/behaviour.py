# SPDX-License-Identifier: GPL-2.0-or-later
"""Behaviour logs as their makers write them, from one story told once: what it left is known by how the logs were made."""
import json

# what happened on a Windows machine: (kind, action, value)
STORY = [
    ('process', 'create', r'C:\Users\ann\AppData\Local\Temp\setup.exe'),
    ('command', 'create', r'"C:\Users\ann\AppData\Local\Temp\setup.exe" /q "a b"'),
    ('file', 'create', r'C:\Users\ann\AppData\Roaming\Zyx\run.exe'),
    ('file', 'delete', r'C:\Users\ann\Downloads\invoice.doc'),
    ('registry', 'set', r'HKU\S-1-5-21-1-2-3-1001\Software\Microsoft\Windows\CurrentVersion\Run\Zyx'),
    ('pipe', 'create', r'\zyx-4411'),
    ('dns', 'query', 'c2.example.net'),
    ('ip', 'connect', '192.0.2.44:8443'),
    ('ip', 'connect', '[2001:db8::7]:53'),
]
SHA256 = '5f' * 32


def sysmon():
    """(event, fields) in Sysmon's own names; the tree is explorer (before the log) -> setup.exe -> run.exe; svchost apart."""
    setup, run = STORY[0][2], STORY[2][2]
    who = {'ProcessId': 4100, 'Image': setup}
    yield 1, {'ProcessId': 4100, 'Image': setup, 'CommandLine': STORY[1][2], 'ParentProcessId': 900, 'ParentImage': r'C:\Windows\explorer.exe'}
    yield 11, {**who, 'TargetFilename': STORY[2][2]}
    yield 1, {'ProcessId': 5000, 'Image': run, 'CommandLine': 'run.exe', 'ParentProcessId': 4100, 'ParentImage': setup}
    yield 23, {'ProcessId': 5000, 'Image': run, 'TargetFilename': STORY[3][2]}
    yield 13, {'ProcessId': 5000, 'Image': run, 'EventType': 'SetValue', 'TargetObject': STORY[4][2], 'Details': 'run.exe'}
    yield 17, {'ProcessId': 5000, 'Image': run, 'EventType': 'CreatePipe', 'PipeName': STORY[5][2]}
    yield 22, {'ProcessId': 5000, 'Image': run, 'QueryName': STORY[6][2], 'QueryStatus': '0'}
    yield 3, {'ProcessId': 5000, 'Image': run, 'Initiated': 'true', 'DestinationIp': '192.0.2.44', 'DestinationPort': '8443'}
    yield 3, {'ProcessId': 5000, 'Image': run, 'Initiated': 'true', 'DestinationIp': '2001:db8::7', 'DestinationPort': '53'}
    yield 3, {'ProcessId': 5000, 'Image': run, 'Initiated': 'false', 'DestinationIp': '192.0.2.45', 'DestinationPort': '4444'}
    yield 5, {'ProcessId': 5000, 'Image': run}
    # another process of the same number, later, and one that was there before
    yield 1, {'ProcessId': 5000, 'Image': r'C:\Windows\notepad.exe', 'CommandLine': 'notepad', 'ParentProcessId': 900, 'ParentImage': r'C:\Windows\explorer.exe'}
    yield 11, {'ProcessId': 700, 'Image': r'C:\Windows\System32\svchost.exe', 'TargetFilename': r'C:\Windows\Prefetch\X.pf'}


# what the events besides the story's leave
BESIDES = [
    ('process', 'create', STORY[2][2]), ('command', 'create', 'run.exe'), ('process', 'create', r'C:\Windows\notepad.exe'),
    ('command', 'create', 'notepad'), ('file', 'create', r'C:\Windows\Prefetch\X.pf'),
]
TREES = [3, 1, 1]  # programs of the story's tree; notepad; svchost: see tree_of()


def tree_of(index):
    """The tree that an event of sysmon() belongs to."""
    return 0 if index < 11 else index - 10


TIME = '2024-05-06 07:08:09.123'
PROVIDER = 'Microsoft-Windows-Sysmon'
CHANNEL = PROVIDER + '/Operational'


def flat(event, fields):
    return {**{k: str(v) for k, v in fields.items()}, 'EventID': event, 'SourceName': PROVIDER, 'Channel': CHANNEL, 'Hostname': 'W1', 'UtcTime': TIME}


def beat(event, fields):
    return {'@timestamp': '2024-05-06T07:08:09.123Z', 'host': {'name': 'W1'}, 'winlog': {
        'provider_name': PROVIDER, 'channel': CHANNEL, 'event_id': event, 'computer_name': 'W1', 'process': {'pid': 11, 'thread': {'id': 1}},
        'event_data': {k: str(v) for k, v in fields.items()}}}


def nested(event, fields):
    """As evtx_dump writes it."""
    return {'Event': {'#attributes': {'xmlns': 'x'}, 'System': {
        'Provider': {'#attributes': {'Name': PROVIDER}}, 'EventID': event, 'TimeCreated': {'#attributes': {'SystemTime': '2024-05-06T07:08:09Z'}},
        'Execution': {'#attributes': {'ProcessID': 11, 'ThreadID': 1}}, 'Channel': CHANNEL, 'Computer': 'W1'}, 'EventData': fields}}


def paired(event, fields):
    """As XML becomes JSON by xmltodict."""
    e = nested(event, {})
    e['Event']['System']['EventID'] = {'#text': str(event), '@Qualifiers': '0'}
    e['Event']['System']['Provider'] = {'@Name': PROVIDER, '@Guid': '{1}'}
    e['Event']['EventData'] = {'Data': [{'@Name': k, '#text': str(v)} for k, v in fields.items()]}
    return e


def message(event, fields):
    """As PowerShell's Get-WinEvent | ConvertTo-Json gives it."""
    lines = ''.join(f'{k}: {v}\r\n' for k, v in {'RuleName': '-', 'UtcTime': TIME, **fields}.items())
    return {'Id': event, 'ProviderName': PROVIDER, 'MachineName': 'W1', 'Message': f'Event of Sysmon:\r\n{lines}', 'Properties': [{'Value': '-'}]}


SYSMON_FORMS = {'flat': flat, 'beat': beat, 'nested': nested, 'paired': paired, 'message': message}


def lines(records):
    return ''.join(json.dumps(r) + '\n' for r in records)


def sysmon_lines(form):
    return lines(SYSMON_FORMS[form](e, f) for e, f in sysmon())


def cape():
    value = dict(((k, a), v) for k, a, v in STORY)
    return {
        'statistics': {'processing': []}, 'info': {'version': '2.4-CAPE', 'started': '2024-05-06 07:08:09', 'id': 1},
        'behavior': {
            'processes': [{'process_id': 1, 'module_path': STORY[0][2], 'calls': [{'api': 'NtOpenKey', 'arguments': [{'name': 'x', 'value': r'C:\no'}]}]}],
            'processtree': [{'name': 'x', 'children': []}],
            'summary': {
                'files': [STORY[2][2], r'C:\touched'], 'read_files': [r'C:\read.ini'], 'write_files': [STORY[2][2], r'\Device\NamedPipe\zyx-4411'],
                'delete_files': [STORY[3][2]], 'keys': ['HKEY_LOCAL_MACHINE\\Touched'], 'read_keys': [], 'write_keys': [value['registry', 'set']],
                'delete_keys': [], 'executed_commands': [STORY[1][2]], 'mutexes': ['Global\\zyx'], 'created_services': ['ZyxSvc'], 'started_services': [],
                'resolved_apis': ['kernel32.dll.X']},
            'enhanced': [{'event': 'move', 'object': 'file', 'data': {'from': r'C:\a', 'to': r'C:\b'}}]},
        'network': {
            'dns': [{'request': 'c2.example.net', 'type': 'A', 'answers': []}], 'domains': [{'domain': 'c2.example.net', 'ip': '192.0.2.44'}],
            'tcp': [{'src': '10.0.0.5', 'sport': 1, 'dst': '192.0.2.44', 'dport': 8443}], 'udp': [{'src': '10.0.0.5', 'dst': '10.0.0.1', 'dport': 53}],
            'http': [{'uri': 'http://c2.example.net/gate', 'user-agent': 'zyx/1', 'host': 'c2.example.net'}]},
        'target': {'category': 'file', 'file': {'name': 'setup.exe', 'sha256': SHA256}}, 'signatures': [{'name': 'x'}], 'malfamily': 'Zyx'}


CAPE_LEAVES = [
    STORY[0], STORY[1], STORY[3], STORY[4], ('file', 'write', STORY[2][2]), ('pipe', 'connect', 'zyx-4411'), ('file', 'read', r'C:\read.ini'),
    ('mutex', 'create', 'Global\\zyx'), ('service', 'create', 'ZyxSvc'), ('file', 'rename', r'C:\a'), ('file', 'create', r'C:\b'), STORY[6], STORY[7],
    ('url', 'query', 'http://c2.example.net/gate'), ('agent', 'any', 'zyx/1'),
]


def cuckoo2():
    return {
        'info': {'version': '2.0.7', 'started': 1714979289.5, 'machine': {'label': 'win7x64'}}, 'target': {'category': 'file', 'file': {'sha256': SHA256}},
        'behavior': {'generic': [{'process_path': STORY[0][2], 'pid': 1, 'summary': {'file_written': ['x']}}], 'summary': {
            'file_created': [STORY[2][2]], 'file_deleted': [STORY[3][2]], 'regkey_written': [STORY[4][2]], 'command_line': [STORY[1][2]],
            'mutex': ['Global\\zyx'], 'file_moved': [[r'C:\a', r'C:\b']], 'connects_ip': ['192.0.2.44'], 'resolves_host': ['c2.example.net']}},
        'network': {'https_ex': [{'host': 'c2.example.net', 'protocol': 'https', 'uri': '/gate?a=1', 'dport': 443}], 'udp': [], 'tcp': []}}


CUCKOO2_LEAVES = [
    STORY[0], STORY[2], STORY[3], STORY[4], STORY[1], ('mutex', 'create', 'Global\\zyx'), ('file', 'rename', r'C:\a'), ('file', 'create', r'C:\b'),
    ('ip', 'connect', '192.0.2.44'), STORY[6], ('url', 'query', 'https://c2.example.net/gate?a=1'),
]

SPEAKEASY_LEAVES = [
    STORY[0], STORY[1], STORY[2], ('file', 'write', STORY[2][2]), ('registry', 'set', r'HKEY_CURRENT_USER\Software\Lab\Config'), ('mutex', 'create', 'zyx'),
    ('service', 'create', 'ZyxSvc'), STORY[6], STORY[7], ('url', 'query', 'https://c2.example.net:8443/stage'), ('agent', 'any', 'zyx/1'),
]


def speakeasy(shape):
    """1: a list a kind; 2: one list of events; 3: arguments as objects."""
    headers = 'GET /stage HTTP/1.1\nHost: c2.example.net\nUser-Agent: zyx/1\n'
    calls = [('kernel32.CreateMutexA', ['0x0', '0x1', 'zyx']), ('advapi32.CreateServiceW', ['0x88', 'ZyxSvc', 'Zyx Service', '0x1']),
             ('kernel32.CreateMutexA', ['0x0', '0x1', '0x0']), ('kernel32.Sleep', ['0x10'])]
    key = r'HKEY_CURRENT_USER\Software\Lab'
    point = {'ep_type': 'module_entry', 'start_addr': '0x401000', 'ep_args': ['0x1'], 'apihash': 'e3'}
    if shape == 1:
        point.update(
            apis=[{'pc': '0x1', 'api_name': n, 'args': a, 'ret_val': '0x1'} for n, a in calls],
            file_access=[{'event': 'create', 'path': STORY[2][2], 'handle': 128}, {'event': 'write', 'path': STORY[2][2], 'size': 4}],
            registry_access=[{'event': 'write_value', 'path': key, 'value_name': 'Config'}],
            process_events=[{'event': 'create', 'pid': 2, 'path': STORY[0][2], 'cmdline': STORY[1][2]}],
            network_events={'dns': [{'query': 'c2.example.net', 'response': '192.0.2.44'}], 'traffic': [
                {'server': '192.0.2.44', 'port': 8443, 'proto': 'tcp', 'type': 'connect'},
                {'server': 'c2.example.net', 'port': 8443, 'proto': 'tcp.https', 'headers': headers}]})
    else:
        def args(a):
            return a if shape == 2 else [{'name': f'arg{i}', 'type': 'str', 'display': v, 'value': 7} for i, v in enumerate(a)]
        pos = {'tick': 1, 'tid': 1, 'pid': 1, 'pc': 1}
        point['events'] = [{'pos': pos, **e} for e in [
            *({'event': 'api', 'api_name': n, 'args': args(a), 'ret_val': '0x1'} for n, a in calls),
            {'event': 'process_create', 'path': STORY[0][2], 'cmdline': STORY[1][2], 'pid': 2},
            {'event': 'file_create', 'path': STORY[2][2], 'access_flags': ['GENERIC_WRITE']}, {'event': 'file_write', 'path': STORY[2][2], 'size': 4},
            {'event': 'reg_write_value', 'path': key, 'value_name': 'Config'}, {'event': 'net_dns', 'query': 'c2.example.net', 'response': '192.0.2.44'},
            {'event': 'net_traffic', 'server': '192.0.2.44', 'port': 8443, 'proto': 'tcp', 'type': 'connect'},
            {'event': 'net_http', 'server': 'c2.example.net', 'port': 8443, 'proto': 'tcp.https', 'headers': headers}]]
    return {'report_version': f'{shape}.0.0', 'emulation_total_runtime': 1.2, 'timestamp': 1714979289, 'arch': 'x86', 'sha256': SHA256,
            'strings': {'static': {'ansi': ['x' * 99]}}, 'entry_points': [point]}


# Linux: (serial, [(type, fields)]); raw values as the kernel writes them
AUDIT = [
    (101, [('SYSCALL', {'arch': 'c000003e', 'syscall': 59, 'success': 'yes', 'exit': 0, 'a0': '1', 'a1': '2', 'a2': '3', 'ppid': 900, 'pid': 1000, 'comm': '"drop"', 'exe': '"/tmp/drop it"'}),
           ('EXECVE', {'argc': 3, 'a0': '"/tmp/drop"', 'a1': '"-x"', 'a2': 'a b "c"'}), ('CWD', {'cwd': '"/tmp"'}),
           ('PATH', {'item': 0, 'name': '"/tmp/drop"', 'nametype': 'NORMAL'})]),
    (102, [('SYSCALL', {'arch': 'c000003e', 'syscall': 257, 'success': 'yes', 'exit': 3, 'a0': 'ffffff9c', 'a1': '7f', 'a2': '241', 'ppid': 900, 'pid': 1000, 'exe': '"/tmp/drop it"'}),
           ('CWD', {'cwd': '"/tmp"'}), ('PATH', {'item': 0, 'name': '"/tmp"', 'nametype': 'PARENT'}), ('PATH', {'item': 1, 'name': '"x.sh"', 'nametype': 'CREATE'})]),
    (103, [('SYSCALL', {'arch': 'c000003e', 'syscall': 257, 'success': 'yes', 'exit': 3, 'a0': 'ffffff9c', 'a1': '7f', 'a2': '1', 'ppid': 900, 'pid': 1000, 'exe': '"/tmp/drop it"'}),
           ('CWD', {'cwd': '"/tmp"'}), ('PATH', {'item': 0, 'name': '"/etc/rc.local"', 'nametype': 'NORMAL'})]),
    (104, [('SYSCALL', {'arch': 'c000003e', 'syscall': 87, 'success': 'yes', 'exit': 0, 'a0': '7f', 'ppid': 900, 'pid': 1000, 'exe': '"/tmp/drop it"'}),
           ('CWD', {'cwd': '"/tmp"'}), ('PATH', {'item': 1, 'name': '"/tmp/drop"', 'nametype': 'DELETE'})]),
    (105, [('SYSCALL', {'arch': 'c000003e', 'syscall': 42, 'success': 'no', 'exit': -115, 'a0': '3', 'ppid': 900, 'pid': 1000, 'exe': '"/tmp/drop it"'}),
           ('SOCKADDR', {'saddr': '020020FBC000022C0000000000000000'})]),
    (106, [('SYSCALL', {'arch': 'c000003e', 'syscall': 257, 'success': 'no', 'exit': -13, 'a0': 'ffffff9c', 'a1': '7f', 'a2': '241', 'ppid': 900, 'pid': 1000, 'exe': '"/tmp/drop it"'}),
           ('CWD', {'cwd': '"/tmp"'}), ('PATH', {'item': 0, 'name': '"/etc/shadow"', 'nametype': 'NORMAL'})]),
    (107, [('SYSCALL', {'arch': 'c00000b7', 'syscall': 276, 'success': 'yes', 'exit': 0, 'a0': '1', 'ppid': 900, 'pid': 1000, 'exe': '"/tmp/drop it"'}),
           ('CWD', {'cwd': '"/"'}), ('PATH', {'item': 2, 'name': '"/a"', 'nametype': 'DELETE'}), ('PATH', {'item': 3, 'name': '"/b"', 'nametype': 'CREATE'})]),
]
AUDIT_LEAVES = [
    ('process', 'create', '/tmp/drop it'), ('command', 'create', '/tmp/drop -x a b "c"'), ('file', 'create', '/tmp/x.sh'), ('file', 'write', '/etc/rc.local'),
    ('file', 'delete', '/tmp/drop'), ('ip', 'connect', '192.0.2.44:8443'), ('file', 'rename', '/a'), ('file', 'create', '/b'),
]


def raw(value, name):
    """What the kernel writes in hex digits: names with blanks or quotes in them."""
    text = str(value)
    bare = text[1:-1] if text.startswith('"') else text
    if name in ('exe', 'name', 'cwd') or (text.startswith('"') is False and ' ' in text):
        return f'"{bare}"' if ' ' not in bare and '"' not in bare else bare.encode().hex().upper()
    return text


def message_of(fields):
    return ' '.join(f'{k}={raw(v, k)}' for k, v in fields.items())


def audit_raw(mixed=True):
    out = [f'node=L1 type={t} msg=audit(1714979289.123:{serial}): {message_of(f)}' for serial, parts in AUDIT for t, f in parts]
    ends = [f'node=L1 type=EOE msg=audit(1714979289.123:{serial}): ' for serial, _ in AUDIT]
    if mixed:  # two processors send at the same time
        out[4], out[5] = out[5], out[4]
    return '\n'.join(out + ends) + '\n'


def bare(v):
    return v[1:-1] if isinstance(v, str) and v.startswith('"') else v


def audit_laurel():
    for serial, parts in AUDIT:
        o = {'ID': f'1714979289.123:{serial}', 'NODE': 'L1'}
        for t, f in parts:
            f = {k: bare(v) for k, v in f.items()}
            if t == 'EXECVE':
                o[t] = {'argc': 3, 'ARGV': [f['a0'], f['a1'], f['a2'].replace('"', '%22')]}
            elif t in ('PATH', 'SOCKADDR'):
                o.setdefault(t, []).append(f)
            else:
                o[t] = {**f, 'arch': '0x' + f['arch']} if 'arch' in f else f
        yield o


def audit_go():
    numbers = {'SYSCALL': 1300, 'PATH': 1302, 'SOCKADDR': 1306, 'CWD': 1307, 'EXECVE': 1309}
    for serial, parts in AUDIT:
        yield {'sequence': serial, 'timestamp': '1714979289.123', 'messages': [{'type': numbers[t], 'data': message_of(f)} for t, f in parts], 'uid_map': {'0': 'root'}}


def audit_shipped():
    for line in audit_raw(False).splitlines():
        yield {'@timestamp': '2024-05-06T07:08:09Z', 'message': line, 'log': {'file': {'path': '/var/log/audit/audit.log'}}}


AUDIT_FORMS = {'raw': lambda: audit_raw(), 'laurel': lambda: lines(audit_laurel()), 'go': lambda: lines(audit_go()), 'shipped': lambda: lines(audit_shipped())}
