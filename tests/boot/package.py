#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The package: made twice alike, installed in a root, used there, and purged without a trace.

usage: package.py BUILD          in a layer over this machine's own root: what it needs is installed here already
       package.py BUILD clean    in a clean root of Debian 12 by mmdebstrap (minutes, and the network)
What dpkg and the commands did to the root is what the layer over it holds.
"""
import atexit, filecmp, json, os, re, shutil, stat, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import konseki
from tap import Tap

BUILDER = os.path.join(konseki.ROOT, 'images', 'package', 'build')
# dpkg's and useradd's own records, and what ldconfig and apt keep
RECORDS = re.compile(r'^(var/lib/dpkg/(status|available|lock|triggers|diversions|statoverride)|var/log/|var/cache/(ldconfig|debconf|apt|man)|'
                     r'etc/(passwd|group|shadow|gshadow|subuid|subgid)-|etc/\.pwd\.lock|tmp$|proc|dev|sys|run/)')


def run(*words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=900, **more)


def private_mounts():
    """Starts this program again where its mounts are nobody else's."""
    if os.environ.get('KONSEKI_PRIVATE') == '1':
        return
    os.environ['KONSEKI_PRIVATE'] = '1'
    os.execvp('unshare', ['unshare', '--mount', '--propagation', 'private', sys.executable, *sys.argv])


class Root:
    """A root to write in: a layer over `lower`, whose upper part shows what was written."""

    def __init__(self, lower):
        # folders that only an empty rmdir() removes: nothing may ever walk into what is mounted on them
        self.lower, self.layer, self.at = lower, tempfile.mkdtemp(), tempfile.mkdtemp()
        atexit.register(self.close)
        run('mount', '-t', 'tmpfs', '-o', 'size=1g', 'layer', self.layer, check=True)
        for name in ('upper', 'work'):
            os.mkdir(os.path.join(self.layer, name))
        run('mount', '-t', 'overlay', 'root', '-o', f'lowerdir={lower},upperdir={self.layer}/upper,workdir={self.layer}/work', self.at, check=True)
        run('mount', '-t', 'proc', 'proc', self.at + '/proc', check=True)
        # neither a service manager nor this machine's programs and devices are seen from inside
        for name in ('run', 'dev', 'sys'):
            run('mount', '-t', 'tmpfs', name, self.at + '/' + name, check=True)
        for name, minor in (('null', 3), ('zero', 5), ('full', 7), ('random', 8), ('urandom', 9)):
            os.mknod(f'{self.at}/dev/{name}', 0o666 | stat.S_IFCHR, os.makedev(1, minor))
            os.chmod(f'{self.at}/dev/{name}', 0o666)

    def close(self):
        for path in (self.at, self.layer):
            run('umount', '-R', path)
            try:
                os.rmdir(path)
            except OSError:
                pass

    def do(self, *words):
        return run('chroot', self.at, 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive', *words)

    def bring(self, path):
        shutil.copy(path, self.at + '/tmp/')
        return '/tmp/' + os.path.basename(path)

    def traces(self):
        """What differs from the root below, but for records."""
        upper, found = self.layer + '/upper', []
        for at, folders, names in os.walk(upper):
            for name in names + folders:
                path = os.path.relpath(os.path.join(at, name), upper)
                above, below = os.path.join(upper, path), os.path.join(self.lower, path)
                if RECORDS.match(path):
                    continue
                mode = os.lstat(above).st_mode
                if stat.S_ISCHR(mode):
                    found.append(path + ' is gone' if os.path.lexists(below) else '')
                elif not os.path.lexists(below):
                    found.append(path)
                elif stat.S_ISREG(mode) and not filecmp.cmp(above, below, shallow=False):
                    found.append(path + ' differs')
        return [line for line in found if line]


def made(tap, folder):
    """The package, made twice."""
    files = []
    for name in ('one', 'two'):
        files.append(os.path.join(folder, name, 'konseki.deb'))
        done = run(BUILDER, konseki.BUILD, files[-1])
        if not tap.ok(done.returncode == 0 and os.path.exists(files[-1]), f'images/package/build makes it ({name})', done.stdout[-2000:]):
            tap.done()
    tap.ok(filecmp.cmp(*files, shallow=False), 'the same tree gives the same bytes')
    return files[0]


def clean_root(deb, folder):
    """A Debian 12 with what the package needs, and not the package."""
    wants = run('dpkg-deb', '-f', deb, 'Depends').stdout.strip()
    words = [w.split('|')[0].split('(')[0].strip() for w in wants.split(',')]
    tar = os.path.join(folder, 'clean.tar')
    run('mmdebstrap', '--variant=minbase', '--aptopt=APT::Install-Recommends "false"', '--include=' + ','.join(words), 'bookworm', tar, check=True)
    root = os.path.join(folder, 'clean')
    os.mkdir(root)
    run('tar', '-C', root, '-xf', tar, check=True)
    return root


def check_installed(tap, root):
    done = root.do('konseki', 'check')
    tap.ok(done.returncode == 0 and re.search(r'^\d{3,} rules loaded, 0 refused$', done.stdout, re.M), 'konseki check works there', done.stdout[-2000:])
    done = root.do('sh', '-c', "echo 'id; echo $((191*7))' | konseki emulate --language shell --json -")
    try:
        outputs = [p['output'] for p in json.loads(done.stdout)['profiles']]
    except (ValueError, KeyError):
        outputs = []
    tap.ok(len(outputs) > 2 and all('uid=' in o and '1337' in o for o in outputs), 'every emulated server runs a command there', done.stdout[-2000:])
    tap.ok('konseki:' in root.do('getent', 'passwd', 'konseki').stdout, 'the account is there')
    done = root.do('sh', '-c', 'cd /etc/konseki && konseki config commit -m first >/dev/null && konseki config history')
    tap.ok(done.returncode == 0 and 'first' in done.stdout, 'the config can be committed', done.stdout)
    done = root.do('sh', '-c', 'konseki run; echo "code $?"')
    tap.ok('code 3' in done.stdout and 'no port is set' in done.stdout, 'without a port konseki run says what to do', done.stdout)
    tap.equal(root.do('stat', '-c', '%U:%G %a', '/etc/konseki/konseki.conf.versions').stdout.strip(), 'root:konseki 2770', 'versions are for root and the service')


def check_purge(tap, root):
    there = root.traces()
    tap.ok('usr/bin/konseki' in there and 'etc/passwd differs' in there, 'the layer shows what was installed', there[:20])
    # what a service leaves as it works
    root.do('sh', '-c', 'mkdir -p /var/lib/konseki /var/cache/konseki/compiled; echo verdicts >/var/lib/konseki/data.mdb; echo "# mine" >>/etc/konseki/konseki.conf')
    done = root.do('dpkg', '--remove', 'konseki')
    kept = root.do('tail', '-n', '1', '/etc/konseki/konseki.conf').stdout
    tap.ok(done.returncode == 0 and kept == '# mine\n', 'removed, the config stays', done.stdout)
    done = root.do('dpkg', '--purge', 'konseki')
    tap.ok(done.returncode == 0 and 'not empty' not in done.stdout, 'it can be purged', done.stdout)
    tap.equal(root.traces(), [], 'purged, nothing of it is left: no file, no account, no line')


def main():
    tap = Tap()
    missing = [p for p in ('unshare', 'chroot', 'dpkg-deb', 'dpkg-shlibdeps', 'meson') if not shutil.which(p)]
    if os.getuid() != 0 or missing:
        tap.skip('the package', 'it needs root' if os.getuid() != 0 else f'{missing[0]} is not installed')
        tap.done()
    private_mounts()
    folder = konseki.scratch()
    deb = made(tap, folder)
    try:
        root = Root(clean_root(deb, folder) if 'clean' in sys.argv[2:] else '/')
    except subprocess.CalledProcessError as error:
        tap.skip('installed and purged', f'{" ".join(error.cmd)[:200]}: {error.stdout[-300:]}')
        tap.done()
    brought = root.bring(deb)
    done = root.do('dpkg', '-i', brought)
    os.unlink(root.at + brought)
    if tap.ok(done.returncode == 0, 'dpkg installs it, all that it needs is there', done.stdout[-2000:]):
        check_installed(tap, root)
        check_purge(tap, root)
    tap.done()


main()
