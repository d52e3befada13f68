# SPDX-License-Identifier: GPL-2.0-or-later
"""Two hosts whose only wire goes through the sensor: client 192.0.2.1 - (in0 sensor out0) - server 192.0.2.2, each in a namespace of its own."""
import json, os, subprocess, sys

import konseki
from hosts import run, why_not
from world import World

HOSTS = {'client': '192.0.2.1', 'server': '192.0.2.2'}
PORTS = ('in0', 'out0')
DEVICES = {
    'af_packet': 'net_af_packet{n},iface={port},blocksz=65536,framesz=2048,framecnt=4096,qdisc_bypass=1',
    'af_xdp': 'net_af_xdp{n},iface={port},busy_budget=0',
    'pcap': 'net_pcap{n},iface={port}',
    'tap': 'net_tap{n},iface=k{port}',
}


def config(folder, device='af_packet', more='', rules=None, **others):
    """One pair of ports of that kind."""
    ports = ', '.join('{ name = "%s"; device = "%s"; pair = "%s"; }' % (port, DEVICES[device].format(n=n, port=port), PORTS[1 - n])
                      for n, port in enumerate(PORTS))
    return konseki.config(folder, dataplane=f'ports = ( {ports} );', more=more, rules=rules, **others)


class Wire(World):
    HOSTS = ('sensor', *HOSTS)

    def __init__(self):
        super().__init__()
        for host in self.HOSTS:
            run('ip', 'netns', 'add', self.name(host))
            run('ip', '-n', self.name(host), 'link', 'set', 'lo', 'up')
        for (host, address), port in zip(HOSTS.items(), PORTS):
            space = self.name(host)
            run('ip', 'link', 'add', 'eth0', 'netns', space, 'type', 'veth', 'peer', 'name', port, 'netns', self.name('sensor'))
            for where, name in ((space, 'eth0'), (self.name('sensor'), port)):
                # partial checksums and segments larger than a frame are between the kernel and itself: a wire has none
                run('ip', 'netns', 'exec', where, 'ethtool', '-K', name, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off')
                run('ip', 'netns', 'exec', where, 'sysctl', '-qw', f'net.ipv6.conf.{name}.disable_ipv6=1')
                run('ip', '-n', where, 'link', 'set', name, 'up')
            run('ip', '-n', space, 'addr', 'add', address + '/24', 'dev', 'eth0')

    def patch(self):
        """Joins what DPDK's tap devices made to the ports of the wire, as a host would its virtual machine's."""
        for n, port in enumerate(PORTS):
            for words in (f'link add join{n} type bridge mcast_snooping 0', f'link set k{port} master join{n}', f'link set {port} master join{n}', f'link set join{n} up'):
                run('ip', '-n', self.name('sensor'), *words.split())

    def python(self, host, text, *words, **more):
        return self.start(host, sys.executable, '-c', text, *words, stdout=subprocess.PIPE, text=True, **more)

    def at(self, host, *words, timeout=30):
        return subprocess.run(['ip', 'netns', 'exec', self.name(host), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=timeout)

    def ping(self):
        return self.at('client', 'ping', '-c1', '-W1', HOSTS['server']).returncode == 0


class Sensor:
    """`konseki run` between the two."""
    def __init__(self, wire, folder, conf):
        self.wire, self.folder, self.conf = wire, folder, conf
        self.start()

    def start(self):
        log = open(os.path.join(self.folder, 'run.log'), 'a')
        self.process = self.wire.start('sensor', konseki.KONSEKI, 'run', '-c', self.conf, stdout=log, stderr=log)

    def said(self):
        with open(os.path.join(self.folder, 'run.log'), errors='replace') as file:
            return file.read()[-3000:]

    def show(self, what):
        done = konseki.konseki('show', what, '-c', self.conf, '--json')
        try:
            return [json.loads(line) for line in done.stdout.decode().splitlines() if line]
        except ValueError:
            return []

    def counter(self, name):
        return sum(lane.get(name, 0) for lane in self.show('lanes'))

    def ready(self):
        if self.process.poll() is not None:
            raise RuntimeError('konseki run ended')
        return konseki.konseki('show', 'health', '-c', self.conf).returncode == 0

    def stop(self, seconds=15):
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
