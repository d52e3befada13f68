#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""konseki-prepare over a made-up /sys and /dev: what it reserves, binds and gives away, and what it says of cards that it cannot.

usage: prepare.py BUILD
"""
import os, pwd, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

PREPARE = os.path.join(konseki.BUILD, 'images', 'prepare', 'konseki-prepare')
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
    tap.done()


main()
