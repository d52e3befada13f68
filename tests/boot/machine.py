# SPDX-License-Identifier: GPL-2.0-or-later
"""The appliance in QEMU (TCG: slow, and the same everywhere), its disk, its wires.

A management network with a collector; an attacker and a web server on two switches that the machine's ports stand between: joined, so that the machine
only listens (tap), or not, so that it is the only way (inline).
"""
import atexit, json, os, re, shutil, socket, subprocess, time

import hosts
from hosts import HOSTS, run

MANAGEMENT, COLLECTOR = '192.0.2.10', '192.0.2.1'
HARDWARE = {'m': '52:54:00:4b:00:01', 'a': '52:54:00:4b:00:02', 'b': '52:54:00:4b:00:03'}
SLOTS = {'m': 0x0f, 'a': 0x10, 'b': 0x11}
PCI = {name: f'0000:00:{slot:02x}.0' for name, slot in SLOTS.items()}
INTERFACES = {name: f'enp0s{slot}' for name, slot in SLOTS.items()}
FIRMWARE = ('/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd')


def why_not():
    """Why the appliance cannot be booted here; None where it can."""
    reason = hosts.why_not()
    if reason:
        return reason
    for program in ('qemu-system-x86_64', 'mcopy', 'sfdisk', 'zstd', 'ssh', 'ssh-keygen'):
        if not shutil.which(program):
            return f'{program} is not installed'
    return None if all(map(os.path.exists, FIRMWARE)) else 'ovmf is not installed'


class Wires(hosts.Site):
    """The hosts of the live tests, on two switches; ports are taps of QEMU."""

    boot = 0

    def wire(self):
        switch = self.name('switch')
        for host in ('switch', 'sensor', *HOSTS):
            run('ip', 'netns', 'add', self.name(host))
            run('ip', '-n', self.name(host), 'link', 'set', 'lo', 'up')
        for name in ('left', 'right'):
            run('ip', '-n', switch, 'link', 'add', name, 'type', 'bridge', 'mcast_snooping', '0', 'ageing_time', '0', 'forward_delay', '0')
            run('ip', '-n', switch, 'link', 'set', name, 'up')
        for host, side in zip(HOSTS, ('left', 'right')):
            space = self.name(host)
            run('ip', 'link', 'add', 'eth0', 'netns', space, 'type', 'veth', 'peer', 'name', host, 'netns', switch)
            run('ip', 'netns', 'exec', space, 'ethtool', '-K', 'eth0', 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off')
            run('ip', 'netns', 'exec', space, 'sysctl', '-qw', 'net.ipv6.conf.eth0.disable_ipv6=1')
            run('ip', '-n', switch, 'link', 'set', host, 'master', side, 'up')
            run('ip', '-n', space, 'link', 'set', 'eth0', 'up')
            run('ip', '-n', space, 'addr', 'add', HOSTS[host] + '/32', 'dev', 'eth0')
            for net in ('198.51.100.0/24', '203.0.113.0/24'):
                run('ip', '-n', space, 'route', 'add', net, 'dev', 'eth0')
        run('ip', '-n', switch, 'link', 'add', 'between', 'type', 'veth', 'peer', 'name', 'across')
        run('ip', '-n', switch, 'link', 'set', 'between', 'master', 'left')
        run('ip', '-n', switch, 'link', 'set', 'across', 'master', 'right')
        self.join(True)

    def join(self, joined):
        """Whether the two switches have a way that is not the machine's."""
        for name in ('between', 'across'):
            run('ip', '-n', self.name('switch'), 'link', 'set', name, 'up' if joined else 'down')

    def tap(self, name):
        return f'k{name}{self.boot}x{os.getpid()}'  # another one at each start: the kernel takes its time to end a tap

    def taps_place(self):
        """QEMU has made them and holds them open: now they may go where they belong. They end with it."""
        self.wait(lambda: all(os.path.exists('/sys/class/net/' + self.tap(n)) for n in HARDWARE), 'taps', 30)
        for name, space, side in (('a', 'switch', 'left'), ('b', 'switch', 'right')):
            run('ip', 'link', 'set', self.tap(name), 'netns', self.name(space))
            run('ip', '-n', self.name(space), 'link', 'set', self.tap(name), 'master', side, 'up')
        run('ip', 'link', 'set', self.tap('m'), 'netns', self.name('sensor'))
        run('ip', '-n', self.name('sensor'), 'addr', 'add', COLLECTOR + '/24', 'dev', self.tap('m'))
        run('ip', '-n', self.name('sensor'), 'link', 'set', self.tap('m'), 'up')

    def manage(self, *words, timeout=60):
        """Runs words where the management network is."""
        return subprocess.run(['ip', 'netns', 'exec', self.name('sensor'), *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, errors='replace', timeout=timeout)


class Machine:
    def __init__(self, wires, raw, folder, say):
        self.wires, self.disk, self.folder, self.say = wires, os.path.join(folder, 'disk.raw'), folder, say
        self.process, self.boots, self.seen = None, 0, 0
        subprocess.run(['cp', '--sparse=always', raw, self.disk], check=True)
        shutil.copy(FIRMWARE[1], os.path.join(folder, 'vars.fd'))
        self.key = os.path.join(folder, 'key')
        subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', self.key], check=True)
        self.parts = {p['name']: (p['start'] * 512, p['size'] * 512)
                      for p in json.loads(run('sfdisk', '-J', self.disk))['partitiontable']['partitions']}
        atexit.register(self.kill)

    # --- the disk, while the machine is off ---

    def config(self, files):
        """The operator's files: {name: text}; None removes one; a name that ends in / is a folder, its text where it is copied from."""
        at = f'{self.disk}@@{self.parts["config"][0]}'
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        for name, text in files.items():
            if '/' in name:
                subprocess.run(['mmd', '-D', 's', '-i', at, '::' + os.path.dirname(name.rstrip('/'))], **quiet)
            if name.endswith('/'):
                subprocess.run(['mcopy', '-s', '-o', '-i', at, text, '::' + os.path.dirname(name[:-1])], check=True)
            elif text is None:
                subprocess.run(['mdel', '-i', at, '::' + name], **quiet)
            else:
                subprocess.run(['mcopy', '-o', '-i', at, '-', '::' + name], input=text.encode(), check=True)

    def config_names(self):
        return run('mdir', '-b', '-/', '-i', f'{self.disk}@@{self.parts["config"][0]}', '::').split()

    def spoil(self, part, offset, text=b'spoilt by the test'):
        with open(self.disk, 'r+b') as file:
            file.seek(self.parts[part][0] + offset)
            file.write(text)

    # --- power ---

    def start(self):
        self.boots += 1
        self.wires.boot = self.boots
        serial = os.path.join(self.folder, f'serial-{self.boots}.log')
        self.serial, self.qmp = serial, os.path.join(self.folder, f'qmp-{self.boots}')
        words = ['qemu-system-x86_64', '-machine', 'q35', '-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', 'max', '-smp', '3', '-m', '3072',
                 '-device', 'intel-iommu,intremap=on,device-iotlb=on', '-display', 'none', '-monitor', 'none', '-serial', f'file:{serial}',
                 '-qmp', f'unix:{self.qmp},server=on,wait=off', '-device', 'i6300esb', '-action', 'watchdog=reset', '-rtc', 'base=utc',
                 '-drive', f'if=pflash,format=raw,readonly=on,file={FIRMWARE[0]}', '-drive', f'if=pflash,format=raw,file={self.folder}/vars.fd',
                 '-drive', f'file={self.disk},if=none,id=disk,format=raw,cache=unsafe,discard=unmap', '-device', 'virtio-blk-pci,drive=disk,bootindex=0',
                 '-object', 'rng-random,filename=/dev/urandom,id=rng', '-device', 'virtio-rng-pci,rng=rng']
        for name, hardware in HARDWARE.items():
            words += ['-netdev', f'tap,id={name},ifname={self.wires.tap(name)},script=no,downscript=no', '-device',
                      f'virtio-net-pci,netdev={name},mac={hardware},addr={SLOTS[name]:#x},romfile=,disable-legacy=on,iommu_platform=on,ats=on']
        log = open(os.path.join(self.folder, f'qemu-{self.boots}.log'), 'w')
        self.process = subprocess.Popen([*os.environ.get('KONSEKI_QEMU', '').split(), *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.began = time.monotonic()
        hosts.Site.wait(lambda: os.path.exists(self.qmp) or self.process.poll() is not None, 'QEMU starts', 30)
        if self.process.poll() is not None:
            raise RuntimeError(open(log.name).read()[-2000:])
        self.wires.taps_place()
        self.say(f'boot {self.boots}')

    def console(self):
        try:
            with open(self.serial, 'rb') as file:
                return re.sub(rb'\x1b\[[0-9;?=]*[A-Za-z]|\r', b'', file.read()).decode(errors='replace')
        except OSError:
            return ''

    def says(self, pattern, seconds):
        """The match of pattern on the serial console; RuntimeError after so long."""
        found = hosts.Site.wait(lambda: re.search(pattern, self.console()) or (self.process.poll() is not None and 'off'), f'{pattern!r} on the console', seconds)
        if found == 'off':
            raise RuntimeError(f'the machine is off before it says {pattern!r}')
        return found

    def command(self, *names):
        """QMP commands, in turn."""
        with socket.socket(socket.AF_UNIX) as qmp:
            qmp.connect(self.qmp)
            lines = qmp.makefile('rw')
            lines.readline()
            for name in ('qmp_capabilities', *names):
                lines.write(json.dumps({'execute': name}) + '\n')
                lines.flush()
                lines.readline()

    def stop(self, seconds=120):
        """Asks it by its power button; True where it went off by itself."""
        try:
            self.command('system_powerdown')
            self.process.wait(seconds)
            return True
        except (OSError, subprocess.TimeoutExpired):
            self.kill()
            return False

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    # --- inside ---

    def ssh(self, command, timeout=120):
        """(exit code, output) of a command inside, over the management network."""
        done = self.wires.manage('ssh', '-i', self.key, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR',
                                 '-o', 'ConnectTimeout=30', '-o', 'ServerAliveInterval=10', '-o', 'BatchMode=yes', f'root@{MANAGEMENT}', command, timeout=timeout)
        return done.returncode, done.stdout
