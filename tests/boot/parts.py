#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The image's parts that need no machine: the operator's files taken or refused, the disk's layout, the unified kernel image.

usage: parts.py BUILD
What is right is said by sfdisk, mtools, e2fsck, veritysetup, objdump and konseki's own history, never by the scripts that are tested.
"""
import filecmp, glob, hashlib, json, os, shutil, struct, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

IMAGES = os.path.join(konseki.ROOT, 'images')
APPLIANCE = os.path.join(IMAGES, 'rootfs', 'usr', 'libexec', 'konseki', 'konseki-appliance')
PROGRAMS = glob.glob('/usr/lib/systemd/boot/efi/linuxx64.efi.*')
CARDS = {'eth7': '52:54:00:00:00:07', 'eth1': '52:54:00:aa:bb:cc'}


def run(*words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=300, **more)


class Box:
    """A folder that looks like the appliance's root; commands that would change this machine are noted and do nothing."""

    def __init__(self, folder):
        self.root, self.bin = os.path.join(folder, 'root'), os.path.join(folder, 'bin')
        os.makedirs(self.bin)
        for name in ('systemctl', 'nft', 'hostname', 'chown', 'ssh-keygen'):
            self.write(f'../bin/{name}', f'#!/bin/sh\necho "{name} $*" >>{folder}/noted\n[ {name} != nft ] || cat "$2" >>{folder}/noted\n')
            os.chmod(os.path.join(self.bin, name), 0o755)
        self.noted_path = folder + '/noted'
        os.symlink(konseki.KONSEKI, os.path.join(self.bin, 'konseki'))
        for name, address in CARDS.items():
            self.write(f'sys/class/net/{name}/address', address + '\n')
            self.write(f'sys/class/net/{name}/device/x', '')
        self.write('sys/class/net/lo/address', '00:00:00:00:00:00\n')
        self.write('data/ssh/x', '')
        self.write('config/README.txt', 'read me')
        os.makedirs(self.path('etc/konseki'))
        self.write('etc/konseki/konseki.conf', self.settings())
        self.write('etc/konseki/rules/konseki.rules', 'alert http any any -> any any (msg:"x"; http.uri; content:"abc"; sid:1;)\n')

    def settings(self, extra=''):
        return f'''rules = {{ files = [ "rules/konseki.rules" ]; compiled = "compiled"; }};
emulation = {{ profiles = "{konseki.ROOT}/emu/profiles"; }};
store = {{ folder = "state"; }};
admin = {{ socket = "admin.sock"; }};
{extra}
'''

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w') as file:
            file.write(text)

    def read(self, name):
        try:
            with open(self.path(name)) as file:
                return file.read()
        except OSError:
            return ''

    def apply(self):
        """What is said on the console, and what the machine would have been told."""
        self.write('console', '')
        open(self.noted_path, 'w').close()
        done = run('sh', APPLIANCE, 'apply', env={'PATH': self.bin + ':/usr/sbin:/usr/bin:/sbin:/bin', 'KONSEKI_ROOT': self.root,
                                                  'KONSEKI_CONSOLE': self.path('console')})
        with open(self.noted_path) as file:
            return done.stdout + self.read('console'), file.read()

    def do(self, word):
        return run('sh', APPLIANCE, word, env={'PATH': self.bin + ':/usr/sbin:/usr/bin:/sbin:/bin', 'KONSEKI_ROOT': self.root, 'KONSEKI_CONSOLE': self.path('console')})

    def versions(self):
        done = run(konseki.KONSEKI, 'config', 'history', '--json', '-c', self.path('etc/konseki/konseki.conf'))
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{')]

    def in_force(self):
        done = run(konseki.KONSEKI, 'config', 'show', '-c', self.path('etc/konseki/konseki.conf'))
        return done.stdout


def check_files(tap, folder):
    box = Box(folder)
    said, noted = box.apply()
    tap.equal([v['reason'] for v in box.versions()], ['as shipped'], 'the first start commits the config as shipped')
    tap.ok('refused' not in said and not os.path.exists(box.path('run/konseki-appliance/has-ports')), 'without files nothing is refused, and no port is there', said)
    tap.ok('iifname "eth1" meta l4proto' in noted and 'dport 22' not in noted, 'the first card is for management, and ssh is off', noted)

    port = 'dataplane = { ports = ( { name = "tap0"; device = "net_null0"; } ); };'
    box.write('config/konseki.conf', box.settings(port) + '@include "rules/more.conf"\n')
    box.write('config/rules/more.conf', 'judging = { window_s = 61; };\n')
    said, noted = box.apply()
    tap.ok('in force' in said and 'net_null0' in box.in_force(), "the operator's files are taken, with those they include", said)
    tap.ok(os.path.exists(box.path('run/konseki-appliance/has-ports')), 'a port is there')
    count = len(box.versions())
    said, _ = box.apply()
    tap.equal(len(box.versions()), count, 'the same files again make no new version')

    for text, what in ((box.settings(port.replace('name', 'lanes = 999; nome')), 'a wrong value'), ('dataplane = {', 'a file cut short'), ('', 'an empty file that names no rules')):
        box.write('config/konseki.conf', text)
        said, _ = box.apply()
        if what.startswith('an empty'):
            continue  # it is the defaults: right or not, no error of this script's
        tap.ok('refused; the last good one holds' in said and 'konseki.conf:' in said, f'{what}: refused, with file and line', said)
        tap.ok('net_null0' in box.in_force() and len(box.versions()) == count, f'{what}: the last good one is in force', box.in_force())


def check_management(tap, folder):
    box = Box(folder)
    box.write('config/management.conf', 'interface = "52:54:00:00:00:07"\r\naddress = 192.0.2.10/24 # ours\ngateway = 192.0.2.1\nhostname = edge1\nopen = 9100, 8443\n')
    box.write('config/authorized_keys', 'ssh-ed25519 AAAA somebody\n')
    said, noted = box.apply()
    network = box.read('run/systemd/network/10-management.network')
    tap.ok('Name=eth7\n' in network and 'Address=192.0.2.10/24\n' in network and 'Gateway=192.0.2.1\n' in network, 'the card is found by its hardware address', network + said)
    tap.ok('"eth7" tcp dport { 9100, 8443 } accept' in noted and '"eth7" tcp dport 22 accept' in noted, 'what is named is open, ssh with a key too', noted)
    tap.ok('systemctl --no-block start ssh.service' in noted and 'ssh-ed25519 AAAA' in box.read('run/konseki-appliance/authorized_keys'), 'ssh is started', noted)
    before = network
    for text in ('address = 192.0.2.10\n', 'adress = dhcp\n', 'interface = "$(reboot)"\n', 'open = 22; drop\n', 'hostname = a b\n', 'garbage\n'):
        box.write('config/management.conf', text)
        said, noted = box.apply()
        tap.ok('management.conf:1' in said and box.read('run/systemd/network/10-management.network') == before, f'refused, the last good one holds: {text.strip()}', said)
    box.write('config/authorized_keys', '')
    said, noted = box.apply()
    tap.ok('ssh' not in noted and 'dport 22' not in noted, 'without a key ssh is off', noted)


def check_slots(tap, folder):
    """Slot a works: its tries are renewed, and slot b gets a copy that can be started."""
    box = Box(folder)
    data = b'hsqs' + hashlib.shake_128(b'slot').digest((3 << 20) - 4)
    for label, text in (('root-a', data), ('verity-a', b''), ('root-b', bytes(4 << 20)), ('verity-b', bytes(1 << 20))):
        os.makedirs(box.path('dev/disk/by-partlabel'), exist_ok=True)
        with open(box.path('dev/disk/by-partlabel/' + label), 'wb') as file:
            file.write(text)
    at = lambda label: box.path('dev/disk/by-partlabel/' + label)
    made = run('veritysetup', 'format', '--salt=00', at('root-a'), at('verity-a'))
    root_hash = next((line.split()[-1] for line in made.stdout.splitlines() if line.startswith('Root hash')), '')
    box.write('proc/cmdline', f'konseki.slot=a konseki.roothash={root_hash} quiet\n')
    box.write('proc/uptime', '71.20 3.00\n')
    box.write('efi/EFI/Linux/konseki-a+2-1.efi', 'A')
    box.write('efi/EFI/konseki/konseki-b.efi', 'B')
    os.makedirs(box.path('run/konseki-appliance'))
    box.do('ready')
    tap.ok(os.listdir(box.path('efi/EFI/Linux')) == ['konseki-a+3.efi'] and 'slot a, up 71 s' in box.read('console'), 'a good start gives the next one three tries', box.read('console'))
    with open(at('verity-a'), 'r+b') as file:
        good = file.read()
        file.seek(5000)
        file.write(b'spoilt')
    done = box.do('mirror')
    tap.ok(done.returncode == 1 and os.listdir(box.path('efi/EFI/Linux')) == ['konseki-a+3.efi'], 'a copy that is not whole is not started from', done.stdout)
    with open(at('verity-a'), 'wb') as file:
        file.write(good)
    with open(at('root-b'), 'r+b') as file:
        file.write(bytes(4))
    done = box.do('mirror')
    tap.ok(done.returncode == 0 and sorted(os.listdir(box.path('efi/EFI/Linux'))) == ['konseki-a+3.efi', 'konseki-b+3.efi'], 'slot b has three tries', done.stdout + box.read('console'))
    tap.equal(run('veritysetup', 'verify', at('root-b'), at('verity-b'), root_hash).returncode, 0, 'of a root with the same hash')


def fat(folder, name, disk, start):
    return run('mdir', '-b', '-/', '-i', f'{disk}@@{start}', '::').stdout.split()


def check_disk(tap, folder):
    parts = os.path.join(folder, 'parts')
    os.makedirs(parts)
    data = hashlib.shake_128(b'root').digest(3 << 20)
    for name, text in (('root.squashfs', data), ('konseki-a.efi', b'A' * 5000), ('konseki-b.efi', b'B' * 5000), ('boot.efi', b'L' * 900), ('README.txt', b'read')):
        with open(os.path.join(parts, name), 'wb') as file:
            file.write(text)
    made = run('veritysetup', 'format', '--salt=00', '--uuid=4b4f4e53-454b-4900-8000-000000000009', parts + '/root.squashfs', parts + '/root.verity')
    root_hash = next((line.split()[-1] for line in made.stdout.splitlines() if line.startswith('Root hash')), '')
    disks = []
    for name in ('one', 'two'):
        disks.append(os.path.join(folder, name + '.raw'))
        done = run(os.path.join(IMAGES, 'disk', 'assemble'), parts, disks[-1], env=dict(os.environ, SOURCE_DATE_EPOCH='1700000000', DATA_MB='32'))
        if not tap.ok(done.returncode == 0, f'the disk is made ({name})', done.stdout):
            return
    tap.ok(filecmp.cmp(*disks, shallow=False), 'the same parts give the same bytes')
    table = json.loads(run('sfdisk', '-J', disks[0]).stdout)['partitiontable']
    place = {p['name']: p for p in table['partitions']}
    tap.equal([p['name'] for p in table['partitions']], ['esp', 'root-a', 'verity-a', 'root-b', 'verity-b', 'config', 'data'], 'its partitions')
    tap.ok('error' not in run('sfdisk', '--verify', disks[0]).stdout.lower().replace('no errors', ''), 'sfdisk finds no fault with the table')
    start = lambda name: place[name]['start'] * 512
    names = fat(folder, 'esp', disks[0], start('esp'))
    tap.ok('::/EFI/Linux/konseki-a+3.efi' in names and '::/EFI/BOOT/BOOTX64.EFI' in names and not any('Linux/konseki-b' in n for n in names),
           'slot a has three tries, slot b none before it has a copy', names)
    tap.equal(fat(folder, 'config', disks[0], start('config')), ['::/README.txt'], 'CONFIG holds the words for the operator')
    cut = {}
    for name in ('root-a', 'verity-a', 'data'):
        cut[name] = os.path.join(folder, name)
        with open(disks[0], 'rb') as disk, open(cut[name], 'wb') as to:
            disk.seek(start(name))
            to.write(disk.read(min(place[name]['size'] * 512, 64 << 20)))
    done = run('veritysetup', 'verify', cut['root-a'], cut['verity-a'], root_hash)
    tap.equal(done.returncode, 0, 'the root on the disk has the hash that was built')
    with open(cut['root-a'], 'r+b') as file:
        file.seek(2 << 20)
        file.write(b'x')
    tap.ok(run('veritysetup', 'verify', cut['root-a'], cut['verity-a'], root_hash).returncode != 0, 'and not with one byte changed')
    tap.equal(run('e2fsck', '-fn', cut['data']).returncode, 0, 'DATA is an ext4 without fault')
    with open(os.path.join(parts, 'root.verity'), 'ab') as file:
        file.truncate(17 << 20)
    done = run(os.path.join(IMAGES, 'disk', 'assemble'), parts, disks[1], env=dict(os.environ, SOURCE_DATE_EPOCH='1700000000', DATA_MB='32'))
    tap.ok(done.returncode == 1 and 'larger than its partition' in done.stdout, 'what does not fit is refused', done.stdout)


def check_kernel(tap, folder):
    if not PROGRAMS:
        tap.skip('the unified kernel image', 'systemd-boot-efi is not installed')
        return
    os.makedirs(folder)
    files = {'linux': b'kernel' * 4000, 'initrd': b'first' * 3000, 'osrel': b'ID=debian\n', 'cmdline': b'konseki.slot=a konseki.roothash=00'}
    for name, text in files.items():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(text)
    made = []
    for name in ('one.efi', 'two.efi'):
        made.append(os.path.join(folder, name))
        done = run(sys.executable, os.path.join(IMAGES, 'disk', 'uki.py'), PROGRAMS[0], *(os.path.join(folder, n) for n in ('linux', 'initrd', 'osrel', 'cmdline')), made[-1])
        run('sleep', '1.1')  # into another second, which binutils would write down
    if not tap.ok(done.returncode == 0, 'the unified kernel image is made', done.stdout):
        return
    tap.ok(filecmp.cmp(*made, shallow=False), 'a second later it is the same')
    found = sections(made[0])
    for section, name in (('.linux', 'linux'), ('.initrd', 'initrd'), ('.cmdline', 'cmdline'), ('.osrel', 'osrel')):
        tap.ok(found.get(section) == files[name], f'its section {section} holds the file', len(found.get(section, b'')))


def sections(path):
    """{name: bytes} by the table of sections of the PE format (Microsoft's specification, 4)."""
    with open(path, 'rb') as file:
        data = file.read()
    pe, = struct.unpack_from('<I', data, 0x3c)
    count, optional = struct.unpack_from('<H', data, pe + 6)[0], struct.unpack_from('<H', data, pe + 20)[0]
    found = {}
    for i in range(count):
        name, size, _, raw_size, raw = struct.unpack_from('<8sIIII', data, pe + 24 + optional + 40 * i)
        found[name.rstrip(b'\0').decode()] = data[raw:raw + min(size, raw_size)]
    return found


def main():
    tap = Tap()
    for name in ('sfdisk', 'mcopy', 'mkfs.vfat', 'veritysetup', 'objcopy', 'mke2fs', 'e2fsck'):
        if not shutil.which(name, path=os.environ['PATH'] + ':/usr/sbin:/sbin'):
            tap.skip('parts of the image', f'{name} is not installed')
            tap.done()
    os.environ['PATH'] += ':/usr/sbin:/sbin'
    folder = konseki.scratch()
    tap.equal(run('busybox', 'sh', '-n', os.path.join(IMAGES, 'disk', 'init')).returncode, 0, "busybox's shell reads the first program")
    check_files(tap, folder + '/files')
    check_management(tap, folder + '/management')
    check_slots(tap, folder + '/slots')
    check_disk(tap, folder + '/disk')
    check_kernel(tap, folder + '/kernel')
    tap.done()


main()
