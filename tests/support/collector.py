# SPDX-License-Identifier: GPL-2.0-or-later
"""A real rsyslogd, and a real syslog-ng: they take UDP, TCP and TLS and keep every line as it came, read back strictly."""
import os, subprocess

import rfc5424, unpacked


class Collector:
    """rsyslogd. tls, secret, more: further inputs by TLS, by TLS with our certificate, by TCP; {name: port}, each with a file of its name."""
    def __init__(self, site, host='sensor', port=5514, identity=None, tls={}, more={}):
        self.folder = os.path.join(site.folder, 'rsyslog')
        os.makedirs(self.folder)
        self.udp, self.tcp = self.file('udp'), self.file('tcp')
        conf = os.path.join(self.folder, 'rsyslog.conf')
        inputs = [('udp', f'type="imudp" address="127.0.0.1" port="{port}"')]
        inputs += [(name, f'type="imtcp" address="127.0.0.1" port="{at}"') for name, at in {'tcp': port, **more}.items()]
        inputs += [(name, f'type="imtcp" address="127.0.0.1" port="{at}" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon"')
                   for name, at in tls.items()]
        keys = '' if not identity else (f'defaultNetstreamDriverCAFile="{identity.ca}" defaultNetstreamDriverCertFile="{identity.crt}" '
                                        f'defaultNetstreamDriverKeyFile="{identity.key}"')
        with open(conf, 'w') as file:
            file.write(f'''
global(workDirectory="{self.folder}" maxMessageSize="64k" {keys})
module(load="imudp")
module(load="imtcp" maxSessions="100")
template(name="asItCame" type="string" string="%rawmsg%\\n")
''' + ''.join(f'ruleset(name="{name}") {{ action(type="omfile" file="{self.file(name)}" template="asItCame") }}\n'
                       f'input({words} ruleset="{name}")\n' for name, words in inputs))
        self.arguments = ('rsyslogd', '-n', '-f', conf, '-i', os.path.join(self.folder, 'pid'))
        self.site, self.host = site, host
        self.start()

    def file(self, name):
        return os.path.join(self.folder, name + '.log')

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


class SyslogNg(Collector):
    """tcp, tls: {name: port}. What it made of a line itself stands in NAME.parsed: case, revision, severity, facility, program."""
    def __init__(self, site, identity, tcp, tls, host='sensor'):
        self.folder = os.path.join(site.folder, 'syslog-ng')
        os.makedirs(self.folder)
        program, environment = unpacked.program('syslog-ng')
        conf, at = os.path.join(self.folder, 'syslog-ng.conf'), lambda name: os.path.join(self.folder, name)
        how = [(name, port, 'transport("tcp")') for name, port in tcp.items()]
        how += [(name, port, f'transport("tls") tls(key-file("{identity.key}") cert-file("{identity.crt}") ca-file("{identity.ca}") '
                             'peer-verify(required-trusted))') for name, port in tls.items()]
        with open(conf, 'w') as file:
            file.write('@version: 3.38\noptions { flush-lines(1); keep-hostname(yes); log-msg-size(65536); };\n' + ''.join(
                f'''source s_{name} {{ syslog(ip("127.0.0.1") port({port}) {words} flags(store-raw-message) max-connections(50)); }};
destination d_{name} {{ file("{self.file(name)}" template("${{RAWMSG}}\\n"));
  file("{at(name + '.parsed')}" template("${{.SDATA.konseki@32473.id}} ${{.SDATA.konseki@32473.revision}} ${{LEVEL_NUM}} ${{FACILITY}} ${{PROGRAM}}\\n")); }};
log {{ source(s_{name}); destination(d_{name}); }};
''' for name, port, words in how))
        modules = [path for path in environment.get('LD_LIBRARY_PATH', '').split(':') if os.path.exists(os.path.join(path, 'libaffile.so'))]
        self.arguments = (program, '-F', '-f', conf, '--no-caps', '-R', at('persist'), '-p', at('pid'), '-c', at('control'),
                          *(['--module-path', modules[0]] if modules else []))
        if environment:
            self.arguments = ('env', *(f'{k}={v}' for k, v in environment.items()), *self.arguments)
        self.site, self.host = site, host
        self.start()
