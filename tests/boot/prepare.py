#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""konseki-prepare and konseki-rebind over a made-up /sys and /dev: what they reserve, bind and give away, and what they say of cards that they cannot.

usage: prepare.py BUILD
"""
import os, pwd, socket, struct, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

PREPARE = os.path.join(konseki.BUILD, 'images', 'prepare', 'konseki-prepare')
REBIND = os.path.join(konseki.BUILD, 'images', 'prepare', 'konseki-rebind')
TO_KERNEL, TO_DATAPLANE = 1, 2  # control/wire/rebind.h
PAGES = 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
PORTS = 'ports = ( { name = "a"; device = "0000:3b:00.0"; }, { name = "b"; device = "0000:3b:00.1"; }, { name = "t"; device = "net_null0"; } );'


class Machine:
    """A folder that looks like the kernel's; sysfs' files take any word, and links do not move by themselves."""

    def __init__(self, folder, pages='0'):
        self.root = os.path.join(folder, 'root')
        self.write(PAGES, pages)
        self.write('sys/bus/pci/drivers_probe', '')
        os.makedirs(os.path.join(self.root, 'dev/vfio'), exist_ok=True)

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w') as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def card(self, address, driver=None, group=None):
        at = f'sys/bus/pci/devices/{address}/'
        self.write(at + 'driver_override', '')
        if driver:
            self.write(f'sys/bus/pci/drivers/{driver}/unbind', '')
            os.symlink(self.path(f'sys/bus/pci/drivers/{driver}'), self.path(at + 'driver'))
        if group:
            os.symlink(f'../../../kernel/iommu_groups/{group}', self.path(at + 'iommu_group'))
            self.write(f'dev/vfio/{group}', '')


def prepare(machine, conf, *words):
    return subprocess.run([PREPARE, '-c', conf, '--user', 'nobody', '--root', machine.root, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=60)


def check_pages(tap, folder):
    conf = konseki.config(folder, dataplane='memory_mb = 128;')
    machine = Machine(folder)
    done = prepare(machine, conf)
    tap.ok(done.returncode == 0 and machine.read(PAGES) == '64', 'pages for dataplane.memory_mb are reserved', done.stdout + machine.read(PAGES))
    machine.write(PAGES, '500')
    prepare(machine, conf)
    tap.equal(machine.read(PAGES), '500', 'who has reserved more keeps them')
    conf = konseki.config(folder, dataplane='memory_mb = 1048576;')
    machine.write(PAGES, '0')
    done = prepare(machine, conf)
    tap.ok(done.returncode == 0 and machine.read(PAGES) == '0' and 'too little memory' in done.stdout, 'a machine too small keeps its memory', done.stdout)


def check_cards(tap, folder):
    conf = konseki.config(folder, dataplane=PORTS)
    machine = Machine(folder + '/cards')
    machine.card('0000:3b:00.0', 'vfio-pci', '7')
    machine.card('0000:3b:00.1', 'ixgbe', '8')
    done = prepare(machine, conf)
    owner = os.stat(machine.path('dev/vfio/7')).st_uid
    tap.equal(owner, pwd.getpwnam('nobody').pw_uid, "the card's file belongs to the account")
    tap.ok('port a, card 0000:3b:00.0: vfio-pci has it' in done.stdout, 'a bound card is told', done.stdout)
    asked = (machine.read('sys/bus/pci/devices/0000:3b:00.1/driver_override'), machine.read('sys/bus/pci/drivers/ixgbe/unbind'))
    tap.equal(asked, ('vfio-pci', '0000:3b:00.1'), "the kernel's driver is asked to let go of the other")
    tap.ok(done.returncode == 1 and 'port b' in done.stdout, 'a card that does not come is told, exit 1', done.stdout)
    machine = Machine(folder + '/none')
    machine.card('0000:3b:00.0', 'ixgbe')
    done = prepare(machine, conf)
    tap.ok('no IOMMU group' in done.stdout and 'no such card' in done.stdout and done.returncode == 1, 'no IOMMU, no card: told what to do', done.stdout)
    tap.equal(machine.read('sys/bus/pci/devices/0000:3b:00.0/driver_override'), '', 'without an IOMMU the card keeps its driver')


class Kernel(threading.Thread):
    """What Linux does with these files: driver_override, unbind, drivers_probe (Documentation/ABI/testing/sysfs-bus-pci). One card's own driver is ixgbe,
    the other's is virtio's, whose interface stands a folder deeper."""

    OWN = {'0000:3b:00.0': ('ixgbe', 'net/eth5', '5'), '0000:3b:00.1': ('virtio-pci', 'virtio3/net/eth6', '6'), '0000:3b:00.2': ('ixgbe', 'net/eth7', '7')}

    def __init__(self, machine):
        super().__init__(daemon=True)
        self.machine, self.on = machine, True
        for driver in ('ixgbe', 'virtio-pci', 'vfio-pci'):
            machine.write(f'sys/bus/pci/drivers/{driver}/unbind', '')
        self.start()

    def take(self, name):
        """What was written to one of the files, once."""
        text = self.machine.read(name)
        if text:
            self.machine.write(name, '')
        return text

    def driver(self, address):
        try:
            return os.path.basename(os.readlink(self.machine.path(f'sys/bus/pci/devices/{address}/driver')))
        except OSError:
            return None

    def bind(self, address):
        at = f'sys/bus/pci/devices/{address}/'
        driver = self.machine.read(at + 'driver_override').split('\n')[0] or self.OWN[address][0]
        if driver != 'vfio-pci':
            self.machine.write(at + self.OWN[address][1] + '/ifindex', self.OWN[address][2] + '\n')
        os.symlink(self.machine.path(f'sys/bus/pci/drivers/{driver}'), self.machine.path(at + 'driver'))

    def run(self):
        wanted = None
        while self.on:
            for driver in ('ixgbe', 'virtio-pci', 'vfio-pci'):
                address = self.take(f'sys/bus/pci/drivers/{driver}/unbind')
                if address and self.driver(address) == driver:
                    os.unlink(self.machine.path(f'sys/bus/pci/devices/{address}/driver'))
                    interface = self.machine.path(f'sys/bus/pci/devices/{address}/{self.OWN[address][1]}/ifindex')
                    if os.path.exists(interface):
                        os.unlink(interface)
            wanted = self.take('sys/bus/pci/drivers_probe') or wanted
            if wanted and self.driver(wanted) is None:
                self.bind(wanted)
                wanted = None
            time.sleep(0.002)


def check_rebind(tap, folder):
    """Two cards of a pair, and one that only listens: where are they after each word?"""
    ports = ('ports = ( { name = "a"; device = "0000:3b:00.0"; pair = "b"; }, { name = "t"; device = "0000:3b:00.2"; }, '
             '{ name = "b"; device = "0000:3b:00.1"; pair = "a"; } )')
    machine, path = Machine(folder), os.path.join(folder, 'rebind')
    conf = konseki.config(folder, dataplane=ports, more='inline = { rebind = "/rebind.sock"; };')
    for address, group in (('0000:3b:00.0', '7'), ('0000:3b:00.1', '8'), ('0000:3b:00.2', '9')):
        machine.card(address, 'vfio-pci', group)
    kernel = Kernel(machine)
    process = subprocess.Popen([REBIND, '-c', conf, '--user', 'nobody', '--root', machine.root, '--socket', path], stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while not os.path.exists(path) and time.monotonic() < end:
        time.sleep(0.02)
    tap.equal((os.stat(path).st_uid, os.stat(path).st_mode & 0o777), (pwd.getpwnam('nobody').pw_uid, 0o600), 'konseki-rebind: only the account may ask')

    def ask(word, number=4711):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            s.settimeout(60)
            while True:
                try:
                    s.connect(path)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
            s.send(word + struct.pack('<I', number) if len(word) == 4 else word)
            got = s.recv(1000)
            answer = struct.unpack('<iII8I', got) if got else None
            assert not answer or answer[1] == number
            return answer and (answer[0], *answer[2:])

    where = lambda: [kernel.driver(a) for a in sorted(Kernel.OWN)]
    tap.equal(ask(struct.pack('<I', TO_KERNEL))[:5], (0, 3, 5, 0, 6), "to the kernel: its interfaces, by the config's order")
    tap.equal(where(), ['ixgbe', 'virtio-pci', 'vfio-pci'], 'both cards of the pair have their own drivers, the tap stays as it is')
    tap.equal(ask(struct.pack('<I', TO_KERNEL))[:5], (0, 3, 5, 0, 6), 'again: the same')
    tap.equal(ask(struct.pack('<I', TO_DATAPLANE))[:2], (0, 3), 'to the dataplane')
    tap.equal(where(), ['vfio-pci'] * 3, 'vfio-pci has them')
    tap.equal(os.stat(machine.path('dev/vfio/8')).st_uid, pwd.getpwnam('nobody').pw_uid, "and the account their files")
    tap.equal(ask(struct.pack('<I', 3))[:2], (-22, 0), 'another word: refused')
    tap.equal(ask(b'x'), None, 'no word: the connection ends')
    machine.write('rebind.sock', '')
    done = prepare(machine, conf)
    tap.ok(done.returncode == 0 and done.stdout.count('left to konseki-rebind') == 2 and 'port t, card 0000:3b:00.2: vfio-pci has it' in done.stdout,
           'konseki-prepare leaves cards of pairs to it, where it is there', done.stdout)
    os.unlink(machine.path('sys/bus/pci/devices/0000:3b:00.1/driver'))
    os.rename(machine.path('sys/bus/pci/devices/0000:3b:00.1'), machine.path('gone'))
    tap.equal(ask(struct.pack('<I', TO_KERNEL))[0], -5, 'a card that is not there is an error')
    tap.equal(kernel.driver('0000:3b:00.0'), 'ixgbe', 'and the other one goes all the same')
    process.terminate()
    tap.equal(process.wait(20), 0, 'SIGTERM ends it')
    kernel.on = False


def check_words(tap, folder):
    conf = konseki.config(folder, lanes=64)
    cpus = len(os.sched_getaffinity(0))
    done = prepare(Machine(folder), conf, '--cores')
    tap.ok(done.returncode == 0 and done.stdout.startswith('0-') and (cpus > 65 or int(done.stdout[2:]) >= cpus - 1),
           'more lanes than processors leave all to everybody', done.stdout)
    tap.equal(subprocess.run([PREPARE, '-c', folder + '/nothing'], stderr=subprocess.DEVNULL).returncode, 3, 'no config: exit 3')
    tap.equal(subprocess.run([PREPARE, 'word'], stderr=subprocess.DEVNULL).returncode, 2, 'a word too many: exit 2')


def main():
    tap = Tap()
    if os.getuid() != 0:
        tap.skip('konseki-prepare', 'it needs root')
        tap.done()
    folder = konseki.scratch()
    os.makedirs(folder + '/cards')
    os.makedirs(folder + '/none')
    check_pages(tap, folder)
    check_cards(tap, folder)
    check_words(tap, folder)
    check_rebind(tap, konseki.scratch())
    tap.done()


main()
