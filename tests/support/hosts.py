# SPDX-License-Identifier: GPL-2.0-or-later
"""Three hosts on one switch that copies everything to a tap, and the web server of tests/range/site on one of them.

attacker 198.51.100.66, server 203.0.113.10, sensor (the port tap0, no address). All in network namespaces of their own.
"""
import os, shutil, subprocess

from konseki import ROOT
from world import World

HOSTS = {'attacker': '198.51.100.66', 'server': '203.0.113.10'}


def run(*words, **more):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more).stdout


def why_not():
    """Why live tests cannot run here; None where they can."""
    if os.getuid() != 0:
        return 'network namespaces need root'
    for program in ('ip', 'ethtool', 'curl', 'apache2', 'rsyslogd', 'unshare'):
        if not shutil.which(program, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin'):
            return f'{program} is not installed'
    probe = f'konseki-probe-{os.getpid()}'
    if subprocess.run(['ip', 'netns', 'add', probe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return 'network namespaces cannot be made here'
    run('ip', 'netns', 'del', probe)
    return None


class Site(World):
    HOSTS = ('switch', 'sensor', *HOSTS)

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.wire()

    def wire(self):
        switch = self.name('switch')
        for host in self.HOSTS:
            run('ip', 'netns', 'add', self.name(host))
            run('ip', '-n', self.name(host), 'link', 'set', 'lo', 'up')
        # a switch that forgets at once sends every frame to every port: the sensor's port is a tap
        run('ip', '-n', switch, 'link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0', 'ageing_time', '0')
        run('ip', '-n', switch, 'link', 'set', 'bridge', 'up')
        for host, port in [(h, 'eth0') for h in HOSTS] + [('sensor', 'tap0')]:
            space = self.name(host)
            run('ip', 'link', 'add', port, 'netns', space, 'type', 'veth', 'peer', 'name', host, 'netns', switch)
            run('ip', 'netns', 'exec', space, 'ethtool', '-K', port, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off')
            run('ip', 'netns', 'exec', space, 'sysctl', '-qw', f'net.ipv6.conf.{port}.disable_ipv6=1')
            run('ip', '-n', switch, 'link', 'set', host, 'master', 'bridge', 'up')
            run('ip', '-n', space, 'link', 'set', port, 'up')
            if host in HOSTS:
                run('ip', '-n', space, 'addr', 'add', HOSTS[host] + '/32', 'dev', port)
                for net in ('198.51.100.0/24', '203.0.113.0/24'):
                    run('ip', '-n', space, 'route', 'add', net, 'dev', port)

    def apache(self):
        """Copies the site where its user can read it, gives it its own host table, and starts it."""
        work = os.path.join(self.folder, 'web')
        shutil.copytree(os.path.join(ROOT, 'tests', 'range', 'site'), os.path.join(work, 'site'))
        os.makedirs(os.path.join(work, 'truth'))
        os.chmod(os.path.join(work, 'truth'), 0o1777)
        for name, text in (('hosts', f'127.0.0.1 localhost\n{HOSTS["server"]} www.example.test\n'), ('nsswitch.conf', 'hosts: files\npasswd: files\ngroup: files\n')):
            with open(os.path.join(work, name), 'w') as file:
                file.write(text)
        private = 'hostname server; mount --bind "$0/hosts" /etc/hosts; mount --bind "$0/nsswitch.conf" /etc/nsswitch.conf; exec "$@"'
        log = open(os.path.join(work, 'start.log'), 'w')
        self.start('server', 'unshare', '--uts', '--mount', 'sh', '-c', private, work, '/usr/sbin/apache2', '-d', os.path.join(work, 'site'),
                   '-C', f'Define SITE {work}/site', '-C', f'Define WORK {work}', '-C', f'Define ADDRESS {HOSTS["server"]}',
                   '-f', os.path.join(work, 'site', 'apache.conf'), '-DFOREGROUND', stdout=log, stderr=log)
        self.wait(lambda: self.curl('/').startswith('<!DOCTYPE'), 'Apache answers', 15)

    def curl(self, path, *words):
        done = subprocess.run(['ip', 'netns', 'exec', self.name('attacker'), 'curl', '-s', '--path-as-is', '--max-time', '10', *words,
                               f'http://{HOSTS["server"]}{path}'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        return done.stdout.decode(errors='replace')
