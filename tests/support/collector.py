# SPDX-License-Identifier: GPL-2.0-or-later
"""A real rsyslogd that takes UDP and TCP and keeps every line as it came; and RFC 5424 read back."""
import os, re

LINE = re.compile(r'<(?P<pri>\d{1,3})>1 (?P<time>\S+) (?P<host>\S+) (?P<app>\S+) (?P<proc>\S+) (?P<id>\S+) '
                  r'(?P<data>-|(?:\[(?:[^\]\\"]|"(?:[^"\\\]]|\\.)*")*\])+)(?: (?P<text>.*))?$', re.S)
PARAMETER = re.compile(r'([^\s="\]\[]+)="((?:[^"\\\]]|\\.)*)"')


class Collector:
    def __init__(self, site, host='sensor', port=5514):
        self.folder = os.path.join(site.folder, 'rsyslog')
        os.makedirs(self.folder)
        self.udp, self.tcp = os.path.join(self.folder, 'udp.log'), os.path.join(self.folder, 'tcp.log')
        conf = os.path.join(self.folder, 'rsyslog.conf')
        with open(conf, 'w') as file:
            file.write(f'''
global(workDirectory="{self.folder}" maxMessageSize="64k")
module(load="imudp")
module(load="imtcp")
template(name="asItCame" type="string" string="%rawmsg%\\n")
ruleset(name="udp") {{ action(type="omfile" file="{self.udp}" template="asItCame") }}
ruleset(name="tcp") {{ action(type="omfile" file="{self.tcp}" template="asItCame") }}
input(type="imudp" address="127.0.0.1" port="{port}" ruleset="udp")
input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="tcp")
''')
        self.arguments = ('rsyslogd', '-n', '-f', conf, '-i', os.path.join(self.folder, 'pid'))
        self.site, self.host = site, host
        self.start()

    def start(self):
        log = open(os.path.join(self.folder, 'start.log'), 'a')
        self.process = self.site.start(self.host, *self.arguments, stdout=log, stderr=log)
        self.site.wait(lambda: os.path.exists(os.path.join(self.folder, 'pid')), 'rsyslogd runs', 10)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    @staticmethod
    def read(path):
        if not os.path.exists(path):
            return []
        with open(path, errors='replace') as file:
            return [line.rstrip('\n') for line in file]


def parsed(line):
    """The parts of an RFC 5424 line as a dict, its structured data as 'parameters'; None where it is none."""
    found = LINE.match(line)
    if not found:
        return None
    return dict(found.groupdict(), parameters={k: re.sub(r'\\(.)', r'\1', v) for k, v in PARAMETER.findall(found['data'])})
