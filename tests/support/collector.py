# SPDX-License-Identifier: GPL-2.0-or-later
"""A real rsyslogd that takes UDP and TCP and keeps every line as it came, read back strictly."""
import os

import rfc5424


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
        """Whole lines, as bytes."""
        if not os.path.exists(path):
            return []
        with open(path, 'rb') as file:
            return file.read().split(b'\n')[:-1]

    def lines(self, path):
        out = []
        for line in self.read(path):
            try:
                out.append(rfc5424.read(line))
            except rfc5424.Refused:
                pass
        return out

    def refused(self, path):
        out = []
        for line in self.read(path):
            try:
                rfc5424.read(line)
            except rfc5424.Refused as error:
                out.append(f'{error}: {line[:200]!r}')
        return out
