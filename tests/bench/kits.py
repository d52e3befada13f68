#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Behaviour logs by another chance than behaviour.c's: malware is made by kits and spread in campaigns, harmless software has vendors.

usage: kits.py SEED FAMILIES MALWARE BENIGN DAYS > LOGS.jsonl

A family is a kit: a core that stays (what its author wrote: names, a way to make names, a protocol) and what each campaign configures anew
(name of the dropped file, domain, mutex, key). A campaign has 15 to 70 days, campaigns overlap, a quarter of the old ones go on beside new
ones. Names come from a grammar of the family: words stuck together, random letters, digests of the host, GUIDs, numbers with a prefix.
A sample shows each module with the module's own probability; 1 in 50 shows nothing of the kit.
Harmless: software of vendors (folders, keys, updaters with GUIDs and numbers, temporary files of installers, telemetry with the same holes in
URLs), versions that come with time, and one in ten does what malware does, as
administrators' tools do. Every sample has noise of its environment, and
families do, besides, what everybody does (Run keys, temp files, schtasks, whoami, certutil).
"""
import datetime, hashlib, json, random, sys

R = random.Random()
HEAD = 'acid amber arc argon atlas aurora beacon birch bolt breeze cable candle cargo cedar chrome cinder cliff cobalt copper coral crater crystal delta drift ember falcon fern flint forge garnet glacier granite harbor hazel helix iris ivory jade kernel lagoon lantern laurel linden lotus lumen lynx magnet maple marble meadow mercury meteor mirage nebula nickel noble onyx opal orbit osprey otter pebble pepper phoenix pilot pine pixel plasma polar prism quartz quill radar raven ridge river rocket saber saffron sage salmon shadow sierra signal silver slate solar spark spruce stellar summit thistle thunder tiger timber topaz torrent tulip tundra umber vector velvet vertex violet vortex walnut willow winter zephyr zinc'.split()
TAIL = 'agent assist bridge cache center check client cloud config connect control core desk drive engine flow gate guard helper host hub index key layer link loader log manager map monitor node notify panel patch point port print probe proxy queue relay report runtime scan sense server service setup shell shield space store studio sync sys task tool trace track update vault view watch work zone'.split()
SYSTEM = 'svchost csrss lsass explorer taskhost conhost winlogon spoolsv dllhost services rundll32 ctfmon'.split()
PEOPLE = ['alice', 'Bob', 'H.Meyer', 'Administrator', 'user', 'Yuki Sato', 'WIN-USER', 'mkowalski', 'PC', 'victim', 'jdoe', 'Frank', 'analyst', 'IEUser', 'Sophie M', 'Guest2']
HOSTS = ['WIN10-{:04X}', 'DESKTOP-{:07X}', 'PC{:d}', 'ACME-WS{:03d}', 'VM{:02d}']
SOURCES = ['cape/win10', 'cape/win7', 'vendor/win10', 'edr/office']
TLDS = ['com', 'net', 'top', 'xyz', 'info', 'ru', 'cc', 'io', 'online', 'site']
LETTERS, HEX, DIGITS = 'abcdefghijklmnopqrstuvwxyz', '0123456789abcdef', '0123456789'


def some(alphabet, low, high=None):
    return ''.join(R.choice(alphabet) for _ in range(R.randint(low, high or low)))


def name():
    return R.choice([lambda: R.choice(HEAD) + R.choice(TAIL), lambda: R.choice(HEAD).capitalize() + R.choice(TAIL).capitalize(),
                     lambda: R.choice(HEAD) + '_' + R.choice(TAIL), lambda: some('bcdfgklmnprstvz', 1) + some('aeiou', 1) + some('bcdfgklmnprstvz', 1) + some('aeiou', 1) + R.choice(TAIL),
                     lambda: R.choice(HEAD) + some(DIGITS, 2), lambda: R.choice(HEAD)])()


def guid():
    return '-'.join(some(HEX, n) for n in (8, 4, 4, 4, 12))


class Victim:
    def __init__(self):
        self.user, self.host = R.choice(PEOPLE), R.choice(HOSTS).format(R.randint(1, 0xfffff))
        self.old = R.random() < 0.15
        self.profile = ('C:\\Documents and Settings\\' if self.old else 'C:\\Users\\') + self.user
        self.roaming = self.profile + ('\\Application Data' if self.old else '\\AppData\\Roaming')
        self.local = self.profile + ('\\Local Settings\\Application Data' if self.old else '\\AppData\\Local')
        self.temp = self.profile + ('\\Local Settings\\Temp' if self.old else '\\AppData\\Local\\Temp')
        self.digest = hashlib.md5((self.host + self.user).encode()).hexdigest()


def way():
    """A way to make names that change with every victim; given a fixed word for those that have one."""
    n, m = R.randint(4, 10), R.randint(2, 6)
    return R.choice([
        lambda v, w: some(LETTERS, n), lambda v, w: some(LETTERS + DIGITS, n), lambda v, w: v.digest[:n], lambda v, w: guid(),
        lambda v, w: w + some(DIGITS, m), lambda v, w: w + '-' + some(HEX, n), lambda v, w: some(HEX, 4) + w, lambda v, w: '~' + w[:3] + some(HEX, m) ,
        lambda v, w: R.choice(SYSTEM), lambda v, w: R.choice(HEAD) + R.choice(TAIL), lambda v, w: some(LETTERS, n - 2, n + 3), lambda v, w: '{' + guid().upper() + '}'])


def fixed():
    return lambda v, w: w


# a module: (configured anew by campaigns?, function(victim, word, made) -> artefacts); `made`: the module's own way to make names
def modules():
    end, folder = R.choice(['exe', 'dll', 'scr', 'dat', 'bin', 'js', 'vbs', 'ps1', 'tmp']), R.choice(['roaming', 'local', 'temp', 'profile'])
    sub, verb, tld, own, php = name(), R.choice(['gate', 'panel', 'api/v1', 'index', 'check', 'task', 'b/c']), R.choice(TLDS), name(), R.choice(['php', 'asp', 'aspx', 'jsp', 'cgi'])
    param, flag = R.choice('id uid bid q h token k s guid data'.split()), R.choice(['/s', '-q', '--svc', '-k netsvcs', '/install', '-e'])
    return {
        'drop': lambda v, w, m: [('file', 'write', f'{getattr(v, folder)}\\{m(v, w)}.{end}')],
        'dropin': lambda v, w, m: [('file', 'create', f'{getattr(v, folder)}\\{sub}\\{m(v, w)}.{end}')],
        'deep': lambda v, w, m: [('file', 'create', f'C:\\ProgramData\\{m(v, w)}\\{w}\\{own}.{end}')],
        'windows': lambda v, w, m: [('file', 'create', f'C:\\Windows\\{R.choice(["System32", "SysWOW64"])}\\{m(v, w)}.{end}')],
        'start': lambda v, w, m: [('process', 'start', f'{getattr(v, folder)}\\{m(v, w)}\\{w}.exe'), ('command', 'run', f'"{getattr(v, folder)}\\{m(v, w)}\\{w}.exe" {flag}')],
        'run': lambda v, w, m: [('registry', 'set', f'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\{m(v, w)}')],
        'config': lambda v, w, m: [('registry', 'set', f'HKEY_CURRENT_USER\\Software\\{w}\\{k}') for k in R.sample([own, 'Install', 'Id', m(v, w)], 2)],
        'class': lambda v, w, m: [('registry', 'set', f'HKEY_USERS\\S-1-5-21-{some(DIGITS, 9)}-{some(DIGITS, 9)}-{some(DIGITS, 9)}-1001\\Software\\Classes\\{m(v, w)}\\shell\\open\\command')],
        'mutex': lambda v, w, m: [('mutex', 'create', R.choice(['Global\\', '', '\\BaseNamedObjects\\']) + m(v, w))],
        'service': lambda v, w, m: [('service', 'create', m(v, w)), ('registry', 'set', f'HKLM\\SYSTEM\\CurrentControlSet\\Services\\{m(v, w)}\\ImagePath')],
        'task': lambda v, w, m: [('task', 'create', '\\' + R.choice(['Microsoft\\Windows\\', '']) + m(v, w)), ('command', 'run', f'schtasks.exe /create /f /sc onlogon /tn "{m(v, w)}" /tr "{v.roaming}\\{w}.exe"')],
        'pipe': lambda v, w, m: [('pipe', 'create', f'\\\\.\\pipe\\{m(v, w)}')],
        'beacon': lambda v, w, m: [('dns', 'query', f'{w}.{tld}'), ('url', 'fetch', f'http://{w}.{tld}/{verb}.{php}?{param}={v.digest[:16]}')],
        'generated': lambda v, w, m: [('dns', 'query', f'{d}.{tld}') for d in (some(LETTERS, 10, 16), some(LETTERS, 10, 16))],
        'stage': lambda v, w, m: [('url', 'fetch', f'https://{R.choice(["cdn.discordapp.com", "pastebin.com", "raw.githubusercontent.com"])}/{m(v, w)}/{some(DIGITS, 18)}/{w}.{end}')],
        'literal': lambda v, w, m: [('url', 'fetch', f'http://{R.randint(5, 220)}.{R.randint(0, 255)}.{R.randint(0, 255)}.{R.randint(1, 254)}:{R.choice([80, 8080, 443, 1337])}/{own}/{m(v, w)}')],
        'agent': lambda v, w, m: [('agent', 'send', f'{own}/{R.randint(1, 9)}.{R.randint(0, 40)}')],
        'ransom': lambda v, w, m: [('file', 'rename', f'{v.profile}\\{d}\\{some(LETTERS, 4, 9)}.{e}.{m(v, w)}') for d, e in (('Documents', 'docx'), ('Pictures', 'jpg'))] + [('file', 'create', f'{v.profile}\\Desktop\\{own.upper()}_{some(HEX, 6)}.txt')],
        'shadow': lambda v, w, m: [('command', 'run', 'vssadmin.exe delete shadows /all /quiet'), ('command', 'run', 'bcdedit /set {default} recoveryenabled no')],
        'script': lambda v, w, m: [('command', 'run', f'powershell.exe -nop -w hidden -enc {some(LETTERS + LETTERS.upper() + DIGITS, 60, 140)}=='), ('command', 'run', f'wscript.exe //B "{v.temp}\\{m(v, w)}.vbs" {own}')],
        'remove': lambda v, w, m: [('command', 'run', f'cmd.exe /c ping 127.0.0.1 -n {R.randint(2, 9)} & del /f /q "{v.temp}\\{m(v, w)}.{end}"'), ('file', 'delete', f'{v.temp}\\{m(v, w)}.{end}')],
    }


class Kit:
    def __init__(self, harmless=False):
        table = modules()
        rare = {'shadow', 'ransom', 'script', 'generated', 'remove', 'literal'} if harmless and R.random() < 0.9 else set()
        chosen = R.sample(sorted(set(table) - rare), R.randint(4, 9))
        self.modules = []
        for key in chosen:
            self.modules.append((table[key], R.random() < (0.25 if harmless else 0.5), R.choice([way(), fixed(), fixed()]), R.uniform(0.3, 1.0)))
        self.core = [name() for _ in self.modules]
        self.campaigns = []
        at = R.uniform(-0.3, 0.25)
        while at < 1.05:
            length = R.uniform(0.05, 0.2) * (5 if harmless else 1)
            self.campaigns.append((at, at + length * R.choice([1, 1, 1, 4]), [name() for _ in self.modules]))
            at += length * R.uniform(0.4, 1.0)

    def artefacts(self, at, v):
        alive = [c for c in self.campaigns if c[0] <= at <= c[1]] or [min(self.campaigns, key=lambda c: abs(c[0] - at))]
        words = R.choice(alive)[2]
        for i, (make, configured, made, chance) in enumerate(self.modules):
            if R.random() < chance:
                yield from make(v, words[i] if configured else self.core[i], made)


NOISE = [
    lambda v: ('file', 'write', f'{v.temp}\\~DF{some(HEX, 16).upper()}.TMP'), lambda v: ('file', 'read', 'C:\\Windows\\System32\\drivers\\etc\\hosts'),
    lambda v: ('registry', 'query', 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProductName'), lambda v: ('dns', 'query', 'ctldl.windowsupdate.com'),
    lambda v: ('file', 'write', f'{v.local}\\Microsoft\\Windows\\INetCache\\IE\\{some(LETTERS.upper() + DIGITS, 8)}\\{some(LETTERS, 3, 8)}[1].htm'),
    lambda v: ('process', 'start', 'C:\\Windows\\System32\\conhost.exe'), lambda v: ('command', 'run', 'whoami /all'), lambda v: ('command', 'run', 'ipconfig /all'),
    lambda v: ('registry', 'set', f'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\{R.randint(1, 99)}'),
    lambda v: ('mutex', 'create', 'Local\\ZonesCacheCounterMutex'), lambda v: ('mutex', 'create', f'Local\\SM0:{R.randint(400, 9000)}:304:WilStaging_02'),
    lambda v: ('file', 'write', f'{v.temp}\\{some(LETTERS + DIGITS, 8)}.tmp'), lambda v: ('pipe', 'create', '\\\\.\\pipe\\wkssvc'),
    lambda v: ('command', 'run', f'certutil -hashfile "{v.temp}\\{some(LETTERS, 6)}.cab" SHA256'), lambda v: ('url', 'fetch', f'http://ocsp.digicert.com/{some(LETTERS + DIGITS, 40, 60)}'),
    lambda v: ('file', 'create', f'C:\\Windows\\Prefetch\\{R.choice(HEAD).upper()}.EXE-{some(HEX, 8).upper()}.pf'), lambda v: ('command', 'run', 'net view /all'),
    lambda v: ('registry', 'set', f'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{{{guid()}}}\\DisplayName'),
    lambda v: ('file', 'write', f'{v.local}\\Temp\\nsx{some(HEX, 4).upper()}.tmp\\System.dll'), lambda v: ('command', 'run', 'vssadmin.exe list shadows'),
    lambda v: ('registry', 'set', f'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\{R.choice(HEAD)}'), lambda v: ('ip', 'connect', f'13.107.{R.randint(0, 255)}.{R.randint(1, 254)}:443'),
]


def main():
    seed, families, malware, benign, days = (int(a) for a in sys.argv[1:6])
    R.seed(seed * 31 + 5)
    kits, vendors = [Kit() for _ in range(families)], [Kit(True) for _ in range(300)]
    kind = [True] * malware + [False] * benign
    R.shuffle(kind)
    for number, bad in enumerate(kind):
        v, at = Victim(), R.random()
        rows = [n(v) for n in R.choices(NOISE, k=R.randint(8, 24))]
        which = R.randrange(families)
        if bad and R.random() > 0.02:
            rows += kits[which].artefacts(at, v)
        for _ in range(0 if bad else R.choice([1, 1, 2])):
            rows += vendors[int(R.random() ** 2 * len(vendors))].artefacts(at, v)
        if bad and R.random() < 0.15:  # spread inside of other software
            rows += vendors[int(R.random() ** 2 * len(vendors))].artefacts(at, v)
        R.shuffle(rows)
        day = datetime.date(2023, 1, 1) + datetime.timedelta(days=int(at * days))
        sample = {'sample': f'{R.getrandbits(64):016x}{number:06x}', 'label': 'malware' if bad else 'benign', 'date': str(day), 'source': R.choice(SOURCES)}
        if bad:
            sample['family'] = f'kit{which:02d}'
        sample['artefacts'] = [{'kind': k, 'action': a, 'value': x} for k, a, x in rows]
        print(json.dumps(sample, separators=(',', ':'), ensure_ascii=False))


if __name__ == '__main__':
    main()
