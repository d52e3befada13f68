# SPDX-License-Identifier: GPL-2.0-or-later
"""What ordinary visitors ask for, on every application; some of their words look like code."""
from lib.steps import cookie, form, get, q, sends, upload

KONTOR = [get('/'), get('/geraete?sortierung=tagespreis'), get('/geraete?sortierung=bezeichnung'), get('/suche?begriff=Bohr'), get('/suche?begriff=' + q("Bosch & Söhne's")),
          get('/geraet/101'), get('/geraet/105'), get('/geraet/999'), get('/api/bestand?artikel=' + q('Minibagger MB 18')), get('/hilfe?thema=preise.html'),
          get('/hilfe?thema=anfahrt.html'), get('/modul?teil=team'), get('/modul?teil=angebot'), get('/beleg?dokument=preise.html'), get('/rechner?formel=' + q('3*24.50')),
          get('/rechner?formel=' + q('(165+48)/2')), get('/erreichbar?ziel=localhost'), get('/erreichbar?ziel=mirror.example.net'), get('/meldung?hinweis=' + q('Bitte <3 Tage vorher')),
          get('/rat/linux.html'), get('/gibtsnicht'), form('/anmelden', {'kennung': 'brandt', 'passwort': 'Moorweg-1987'}), form('/anmelden', {'kennung': 'brandt', 'passwort': 'vergessen'}),
          form('/serienbrief', {'brief': 'Sehr geehrte {{ name }}, bitte zurückbringen.'}), sends('/anfrage', {'kunde': 'Okoro', 'text': 'Select pumps; drop off at 5 or 6?'}),
          get('/suche?begriff=' + q('union select committee')), get('/suche?begriff=' + q('Anbau/Umbau; 2..3 Tage')), cookie('/filiale', 'filiale=Hof'),
          upload('/profilbild', 'bild', 'ich.png', 'PNG bild <? kein code', 'benign'), get('/vorschau?adresse=' + q('http://mirror.example.net/'))]
HERBIER = [get('/'), get('/plantes?famille=Asteraceae'), get('/plantes?famille=Pinaceae'), get('/plantes?famille=' + q("Cornouiller de l'Est")), get('/releve/1'), get('/releve/3'),
           get('/planche?fichier=arnica.txt'), get('/planche?fichier=gentiane.txt'), get('/planche?fichier=absente.txt'), get('/carte/Marthe'), get('/carte/' + q('Zoé & fils')),
           get('/outils/dns?domaine=localhost'), get('/outils/dns?domaine=mirror.example.net'), get('/calcul?expression=' + q('2*21')), get('/calcul?expression=' + q('1650/3')),
           get('/avis?auteur=Paul'), get('/avis?auteur=' + q('https://exemple.test/paul') + '&format=lien'), form('/session', {'pseudo': 'marthe', 'secret': 'br1ndille!'}),
           form('/session', {'pseudo': 'marthe', 'secret': 'oubli'}), sends('/api/membre', {'pseudo': 'yannick'}), sends('/api/archive', {'nom': 'arnica'}), get('/inconnue'),
           form('/lettre', {'corps': 'Bonjour {{ membre }}, cotisation {{ annee }}.'}), form('/notes', {'note': "col d'altitude; vent | neige"}), form('/etiquette', {'texte': 'Série ${serie}'})]
PUERTO = [get('/'), get('/barcos.php?eslora=9'), get('/barcos.php?eslora=14.2'), get('/amarre.php?codigo=A-01'), get('/amarre.php?codigo=C-17'), get('/amarre.php?codigo=' + q("L'Escala")), get('/plantilla.php?vista=normas'), get('/plantilla.php?vista=contacto'),
          get('/foto.php?nombre=bocana.txt'), get('/tarifas.php?moneda=EUR'), get('/acceso.php'), form('/acceso.php', {'usuario': 'ferrer', 'clave': 'tramuntana'}), form('/acceso.php', {'usuario': 'ferrer', 'clave': 'x'}), get('/aviso.php?texto=' + q('viento; mar | gruesa')),
          get('/aviso.php?texto=hola'), get('/cgi-bin/marea?dia=lunes.txt'), get('/cgi-bin/calculo?e=3*4'), get('/cgi-bin/parte.rb?suma=' + q('12/4')), get('/cgi-bin/parte.rb?nota=' + q('salida 7:30 & regreso')), get('/nada.html'), upload('/subir.php', 'archivo', 'plano.pdf', '%PDF', 'benign')]
FJORD = [get('/'), get('/regn?uttrykk=' + q('3*7')), get('/regn?uttrykk=' + q('31/4')), get('/hilsen/Kari'), get('/hilsen/' + q('Åse & Per')), form('/invitasjon', {'tekst': 'Kjære {{ medlem }}, plass {{ brygge }}'}), form('/merkelapp', {'tekst': '{{baat.navn}}'}),
         get('/vert?navn=localhost'), sends('/api/logg', {'dato': '2024-05-01'}), get('/fil/brygge.txt'), get('/fil/sesong.txt'), get('/fil/nada.txt'), get('/sok?tekst=' + q('pris < 500 kr')), get('/sok?tekst=torsk&type=json'), get('/ikke/her'), get('/hent?kilde=' + q('http://mirror.example.net/')), sends('/filter', {'vilkaar': 'nr > 2'})]
KURA = [get('/'), get('/keisan?shiki=' + q('3*7')), get('/keisan?shiki=' + q('31/4')), get('/rabel?moji=' + q('味噌 二樽')), form('/tegami', {'bunmen': '${namae} 様 ${kome} 俵'}), form('/fuda', {'bunmen': '$namae'}), get('/sagasu?kotoba=' + q('米')), get('/sagasu?kotoba=' + q('$100 {税込}')),
        get('/tana?mei=ichiban.txt'), get('/tana?mei=niban.txt'), get('/tana?mei=nai.txt'), get('/toru?basho=' + q('http://mirror.example.net/')), get('/tooi?aite=localhost'), get('/nai')]
SITES = [(('203.0.113.31', 80), KONTOR), (('203.0.113.33', 80), KONTOR), (('203.0.113.51', 8000), HERBIER), (('203.0.113.53', 8000), HERBIER), (('203.0.113.71', 80), PUERTO), (('203.0.113.73', 80), PUERTO), (('203.0.113.91', 3000), FJORD), (('203.0.113.93', 3000), FJORD), (('203.0.113.111', 8080), KURA), (('203.0.113.113', 8080), KURA)]
SCENARIO = [([peer], pages) for peer, pages in SITES]
