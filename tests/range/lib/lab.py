# SPDX-License-Identifier: GPL-2.0-or-later
"""The network of the wide range and its hosts: namespaces on one switch, servers in jails of their own.

attacker 198.51.100.140, visitors 198.51.100.201 to 203, outside 192.0.2.53 (resolver), 192.0.2.80 (mirror), 192.0.2.99
(the attacker's drop); one host for each application, with an address for each of its builds.
"""
import atexit, os, shutil, signal, subprocess, time

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
APPS = {
    'kontor': ['203.0.113.31', '203.0.113.32', '203.0.113.33'],
    'herbier': ['203.0.113.51', '203.0.113.52', '203.0.113.53'],
    'puerto': ['203.0.113.71', '203.0.113.72', '203.0.113.73', '203.0.113.74'],
    'fjord': ['203.0.113.91', '203.0.113.92', '203.0.113.93'],
    'kura': ['203.0.113.111', '203.0.113.112', '203.0.113.113'],
    'relais': ['203.0.113.131', '203.0.113.132'],
}
OTHERS = {'attacker': ['198.51.100.140'], 'visitors': ['198.51.100.201', '198.51.100.202', '198.51.100.203'], 'outside': ['192.0.2.53', '192.0.2.80', '192.0.2.99']}
CAPABILITIES = '-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+sys_ptrace'
NETS = ('198.51.100.0/24', '203.0.113.0/24', '192.0.2.0/24')
NAMES = {'kontor.example': '203.0.113.31', 'herbier.example': '203.0.113.51', 'puerto.example': '203.0.113.71', 'fjord.example': '203.0.113.91',
         'kura.example': '203.0.113.111'}


def command(*words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode:
        raise RuntimeError(f'{" ".join(words)}: exit {done.returncode}: {done.stdout.strip()[-400:]}')
    return done.stdout


class Lab:
    def __init__(self, root, apps):
        self.root, self.apps, self.id, self.running = root, apps, f'kw{os.getpid()}', []
        self.folder = f'/tmp/konseki-range.{os.getpid()}'
        os.makedirs(self.folder, mode=0o755)
        command('mount', '-t', 'tmpfs', '-o', 'size=512m,mode=755', 'range', self.folder)
        atexit.register(self.close)
        self.hosts = []
        signal.signal(signal.SIGTERM, lambda *_: exit(1))
        self.files()
        self.wire()

    def space(self, host):
        return f'{self.id}-{host}'

    def files(self):
        shutil.copytree(os.path.join(HERE, 'apps'), f'{self.folder}/app')
        shutil.copytree(os.path.join(HERE, 'lib'), f'{self.folder}/app/tools')
        for name in ('etc', 'jail', 'truth'):
            os.mkdir(f'{self.folder}/{name}')
        for host in [*self.apps, *OTHERS]:
            os.mkdir(f'{self.folder}/truth/{host}')
            os.chmod(f'{self.folder}/truth/{host}', 0o1777)
            for name in ('requests', 'shell'):
                open(f'{self.folder}/truth/{host}/{name}', 'w').close()
                os.chmod(f'{self.folder}/truth/{host}/{name}', 0o666)
        command('cc', '-O1', '-static', '-o', f'{self.folder}/app/lib/shell', os.path.join(HERE, 'lib', 'shell.c'))
        command('cc', '-O1', '-shared', '-fPIC', '-o', f'{self.folder}/app/lib/trace.so', os.path.join(HERE, 'lib', 'trace.c'))
        command('cc', '-O1', '-static', '-no-pie', '-fno-stack-protector', '-z', 'execstack', '-w', '-o', f'{self.folder}/app/relais/relais', os.path.join(HERE, 'apps', 'relais', 'relais.c'))
        shutil.copytree(os.path.join(HERE, 'scenarios'), f'{self.folder}/app/scenarios')
        with open(f'{self.folder}/etc/hosts', 'w') as file:
            file.write('127.0.0.1 localhost\n')
        with open(f'{self.folder}/etc/resolv.conf', 'w') as file:
            file.write('nameserver 192.0.2.53\noptions timeout:1 attempts:1\n')
        with open(f'{self.folder}/etc/nsswitch.conf', 'w') as file:
            file.write('hosts: files dns\npasswd: files\ngroup: files\n')

    def wire(self):
        switch = self.space('switch')
        command('ip', 'netns', 'add', switch)
        command('ip', '-n', switch, 'link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0')
        command('ip', '-n', switch, 'link', 'set', 'bridge', 'up')
        hosts = {**OTHERS, **{a: APPS[a][:1] for a in self.apps}, **{f'{a}{i}': [APPS[a][i]] for a in self.apps for i in range(1, len(APPS[a]))}}
        self.hosts = list(hosts)
        for i, (host, addresses) in enumerate(hosts.items()):
            space = self.space(host)
            command('ip', 'netns', 'add', space)
            command('ip', 'link', 'add', 'eth0', 'netns', space, 'address', f'02:00:5e:00:53:{16 + i:02x}', 'type', 'veth', 'peer', 'name', host, 'netns', switch)
            # the recording shall hold frames as a wire carries them: whole checksums, at most one MTU
            command('ip', 'netns', 'exec', space, 'ethtool', '-K', 'eth0', 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off')
            command('ip', 'netns', 'exec', space, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv4.ping_group_range=0 65535')
            command('ip', '-n', switch, 'link', 'set', host, 'master', 'bridge', 'up')
            for address in addresses:
                command('ip', '-n', space, 'addr', 'add', address + '/32', 'dev', 'eth0')
            command('ip', '-n', space, 'link', 'set', 'lo', 'up')
            command('ip', '-n', space, 'link', 'set', 'eth0', 'up')
            for net in NETS:
                command('ip', '-n', space, 'route', 'add', net, 'dev', 'eth0', 'src', addresses[0])

    def start(self, host, *words, log=None):
        """A command in a jail on a host's network; it and all it starts end together."""
        log = open(log or f'{self.folder}/{host}.log', 'a')
        process = subprocess.Popen(['ip', 'netns', 'exec', self.space(host), 'unshare', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child',
                                    'bash', os.path.join(HERE, 'lib', 'jail.sh'), self.root, self.folder, host, *words],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.running.append(process)
        return process

    def build(self, app, nth, jail):
        """One build of an application: in the jail of the whole, but a host of its own on the network."""
        inside = 0
        for _ in range(100):
            with open(f'/proc/{jail.pid}/task/{jail.pid}/children') as file:
                inside = int((file.read().split() or [0])[0])
            if inside and os.path.exists(f'/proc/{inside}/root/run/ready'):
                break
            time.sleep(0.3)
        space = self.space(f'{app}{nth}' if nth else app)
        log = open(f'{self.folder}/{app}.log', 'a')
        self.running.append(subprocess.Popen(
            ['nsenter', f'--net=/run/netns/{space}', '-t', str(inside), '-m', '-p', '-u', '-i', 'setpriv', '--bounding-set=' + CAPABILITIES, '--inh-caps=-all', '/usr/bin/env', '-i',
             'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'bash', '/srv/range/lib/build', app, str(nth), APPS[app][nth]],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True))

    def near(self, host, *words, **more):
        """A program of this machine in a host's network: tcpdump, the range's own client."""
        return subprocess.Popen(['ip', 'netns', 'exec', self.space(host), *words], **more)

    def serve(self):
        self.start('outside', 'python3', '/srv/range/tools/outside.py')
        self.start('attacker', 'python3', '/srv/range/tools/listener.py')
        jails = {app: self.start(app, 'bash', '/srv/range/lib/start', app) for app in self.apps}
        for app in self.apps:
            for nth in range(len(APPS[app])):
                self.build(app, nth, jails[app])
        for app in self.apps:
            self.wait_for(app)

    def wait_for(self, app):
        port = {'kontor': 80, 'herbier': 8000, 'puerto': 80, 'fjord': 3000, 'kura': 8080, 'relais': 7007}[app]
        probe = f'import socket; [socket.create_connection((a, {port}), 1).close() for a in {APPS[app]}]'
        for _ in range(90):
            if subprocess.run(['ip', 'netns', 'exec', self.space('attacker'), 'python3', '-c', probe], stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.5)
        with open(f'{self.folder}/{app}.log') as log:
            raise RuntimeError(f'{app} does not answer: {log.read()[-1500:]}')

    def record(self, path):
        log = open(f'{self.folder}/tcpdump.log', 'w+')
        dump = self.near('switch', 'tcpdump', '--immediate-mode', '-i', 'bridge', '-n', '-s', '65535', '-B', '16384', '-U', '-w', path,
                         'not arp and not ip6', stdout=log, stderr=log)
        for _ in range(100):
            log.seek(0)
            if 'listening' in log.read():
                return dump
            time.sleep(0.05)
        raise RuntimeError('tcpdump does not listen')

    def close(self):
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = []
        for host in ('switch', *self.hosts):
            subprocess.run(['ip', 'netns', 'del', self.space(host)], stderr=subprocess.DEVNULL)
        subprocess.run(['umount', '-l', self.folder], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)
