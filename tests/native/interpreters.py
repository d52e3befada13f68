#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""PHP, Python, Perl, Ruby and JavaScript in the emulated server against the same interpreters on the real kernel: stdout must be the same.

usage: interpreters.py EMULATED PROFILE [COUNT [LANGUAGE…]]

The real ones run as the profile's user in a throw-away root made of the same profile, without network: php-cgi over
FastCGI as a web server asks it, python3 -c, perl and ruby with their script at standard input, and for JavaScript the Node
of this machine, if there is one, in place of our own interpreter of it. COUNT one-liners of each language
(default 30) from grammars with random constants; at least 98 of 100 must be the same. Needs root: skipped (77) without.
"""
import os, re, shutil, signal, socket, struct, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import languages, native
from tap import Tap

SEEDS = {'php': 20261127, 'python': 20261128, 'perl': 20261129, 'ruby': 20261130, 'node': 20261201}
GRAMMARS = {'php': languages.Php, 'python': languages.Python, 'perl': languages.Perl, 'ruby': languages.Ruby,
            'node': languages.JavaScript}
ALIKE = 0.98
# what an application has loaded; it shows what code comes to
RUBY = ['--disable=gems', '-rsocket', '-ropen3', '-rerb', '-ryaml', '-rjson', '-rdigest', '-rbase64']
CODE = 'c = STDIN.read; v = eval(c.start_with?("\\#{") ? "%Q\\x01#{c}\\x01" : c); print v unless v.nil?'


class Root:
    """The throw-away root, and programs in it."""

    def __init__(self, profile, at):
        with open(os.path.join(profile, 'profile.conf')) as file:
            self.conf = file.read()
        self.at = at
        self.environment = re.findall(r'"([^"]*)"', native.setting(self.conf, 'environment'))
        self.cwd = native.setting(self.conf, 'cwd').strip('"')
        self.user = re.search(r'user = \{ uid = (\d+)', self.conf).group(1)
        os.chmod(at, 0o755)
        native.make_root(profile, self.conf, at)

    def program(self, language):
        return native.setting(self.conf, language).strip('"')

    def words(self, environment, *words):
        return ['unshare', '--net', '--pid', '--fork', '--kill-child', f'--mount-proc={self.at}/proc', 'chroot',
                f'--userspec={self.user}:{self.user}', f'--groups={self.user}', self.at, '/bin/sh', '-c',
                'cd "$1" && shift && env -i "$@"; exit $?', 'sh', self.cwd, *environment, *words]

    def clean(self):
        for name in os.listdir(self.at + '/tmp'):
            path = os.path.join(self.at, 'tmp', name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def run(self, words, code):
        self.clean()
        done = subprocess.run(self.words(self.environment, *words), input=code, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              cwd=self.at, timeout=60)
        return done.stdout


class Php:
    """php-cgi behind a web server's socket, one process for each script."""
    SERVER = ('GATEWAY_INTERFACE', 'SERVER_', 'REQUEST_', 'QUERY_STRING', 'REMOTE_', 'DOCUMENT_ROOT', 'SCRIPT_')

    def __init__(self, root):
        self.root = root
        inis = re.findall(r'"([^"]*)"', native.setting(root.conf, 'php_ini'))
        self.ini = inis[1 % 4 % len(inis)]  # the one that the emulated server has by its seed, 1
        self.own = [row for row in root.environment if not row.startswith(self.SERVER)]
        self.params = dict(row.split('=', 1) for row in root.environment if row.startswith(self.SERVER))

    @staticmethod
    def record(kind, content):
        return struct.pack('>BBHHBB', 1, kind, 1, len(content), 0, 0) + content

    @staticmethod
    def pair(name, value):
        size = lambda n: bytes([n]) if n < 128 else struct.pack('>I', n | 1 << 31)
        return size(len(name)) + size(len(value)) + name.encode() + value.encode()

    def request(self, script):
        params = dict(self.params, SCRIPT_FILENAME=script, SCRIPT_NAME='/' + os.path.basename(script), REDIRECT_STATUS='200',
                      REQUEST_URI='/' + os.path.basename(script))
        return (self.record(1, struct.pack('>HB5x', 1, 0)) + self.record(4, b''.join(self.pair(*p) for p in params.items())) +
                self.record(4, b'') + self.record(5, b''))

    @staticmethod
    def body(answer):
        out = b''
        while len(answer) >= 8:
            _, kind, _, length, padding, _ = struct.unpack('>BBHHBB', answer[:8])
            if kind == 6:
                out += answer[8:8 + length]
            answer = answer[8 + length + padding:]
        return out.partition(b'\r\n\r\n')[2]

    def run(self, code):
        self.root.clean()
        script = self.root.cwd + '/script.php'
        with open(self.root.at + script, 'w') as file:
            file.write(code)
        with tempfile.TemporaryDirectory(prefix='konseki-native.') as at, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(at + '/socket')
            listener.listen(1)
            words = self.root.words(self.own, self.root.program('php'), '-c', self.ini)
            server = subprocess.Popen(words, stdin=listener.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      cwd=self.root.at, start_new_session=True)
            try:
                with socket.socket(socket.AF_UNIX) as client:
                    client.settimeout(60)
                    client.connect(at + '/socket')
                    client.sendall(self.request(script))
                    answer = b''
                    while more := client.recv(1 << 16):
                        answer += more
            finally:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
        return self.body(answer)


def emulated(program, profile, language, codes):
    done = subprocess.run([program, profile, language], input=b''.join(c.encode() + b'\0' for c in codes), stdout=subprocess.PIPE,
                          timeout=600)
    rows = re.findall(r'(?m)^(-?\d+) "([^"]*)" ([0-9a-f]*)$', done.stdout.decode())
    if done.returncode != 0 or len(rows) != len(codes):
        sys.exit(f'{program}: {len(rows)} answers to {len(codes)} codes, exit code {done.returncode}')
    return [(stop, bytes.fromhex(out)) for _, stop, out in rows]


def node_of(root):
    """Puts this machine's Node into the root with its libraries. False: there is none, or none that runs there alone."""
    node = shutil.which('node')
    if node is None:
        return False
    for library in re.findall(r'(/\S+)', subprocess.run(['ldd', os.path.realpath(node)], capture_output=True, text=True).stdout):
        if not os.path.exists(root.at + library):
            os.makedirs(os.path.dirname(root.at + library), exist_ok=True)
            shutil.copy(library, root.at + library)
    shutil.copy(os.path.realpath(node), root.at + '/usr/bin/node')
    return root.run(['/usr/bin/node', '-e', 'console.log(7)'], b'') == b'7\n'


def without_place(out):
    """PHP tells in which file it complains: its name is another on every server."""
    return re.sub(rb'/var/www/html/\w+\.php', b'SCRIPT', out)


def compare(tap, program, profile, root, language, count):
    if language == 'node' and not node_of(root):
        tap.skip('node', 'no Node on this machine that runs in a root of its own')
        return
    made = GRAMMARS[language](SEEDS[language])
    codes = [made.command() for _ in range(count)]
    if language == 'php':
        codes = ['<?php ' + code for code in codes]
    # the applications of these show what code comes to
    if language in ('node', 'ruby'):
        codes = [code if code[0] == '#' else code + {'node': ';void 0', 'ruby': ';nil'}[language] for code in codes]
    php = Php(root) if language == 'php' else None
    same = 0
    for code, (stop, out) in zip(codes, emulated(program, profile, language, codes)):
        if php is not None:
            real, out = without_place(php.run(code)), without_place(out)
        elif language == 'node':
            real = root.run(['/usr/bin/node', '-e', code], b'')
        elif language == 'ruby':
            real = root.run([root.program('ruby'), *RUBY, '-e', CODE], code.encode())
        elif language == 'python':
            real = root.run([root.program('python'), '-c', code], b'')
        else:
            real = root.run([root.program('perl')], code.encode())
        if real == out and stop in ('exit', 'signal'):
            same += 1
        else:
            print(f'DIFFERS: {language}: {code}\n  native   {real[-300:]}\n  emulated {out[-300:]} ({stop})')
    tap.ok(same >= ALIKE * count, f'{language}: {same} of {count} one-liners print the same')


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        print('skipped: a root of its own needs root')
        return 77
    tap = Tap()
    program, profile = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    with tempfile.TemporaryDirectory(prefix='konseki-native.') as at:
        root = Root(profile, at)
        for language in sys.argv[4:] or SEEDS:
            compare(tap, program, profile, root, language, count)
    tap.done()


if __name__ == '__main__':
    sys.exit(main())
