<?php
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tool rental's front controller. Vulnerable on purpose; the build fest is mended, the build still shows nothing. */
require '/usr/share/php/Twig/autoload.php';
$build = $_SERVER['BUILD'] ?? 'offen';
$fest = $build === 'fest';
$still = $build === 'still';
$shown = $still ? 'no' : 'yes';
$h = fn($s) => htmlspecialchars((string)$s, ENT_QUOTES);
$db = null;
$db = fn() => $db ??= new PDO('mysql:unix_socket=/run/mysqld/mysqld.sock;dbname=verleih;charset=utf8mb4', 'kontor', 'kontor', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => true]);

function seite(string $titel, string $inhalt, int $status = 200): void
{
	http_response_code($status);
	header('Content-Type: text/html; charset=utf-8');
	echo "<!doctype html>\n<html lang=\"de\"><head><meta charset=\"utf-8\"><title>$titel – Werkzeugverleih</title></head>\n<body><header><a href=\"/\">Start</a> <a href=\"/geraete\">Geräte</a> <a href=\"/hilfe\">Hilfe</a></header>\n<main><h1>$titel</h1>\n$inhalt\n</main><footer>Stand " . date('d.m.Y H:i') . "</footer></body></html>\n";
}
function danke(): void { seite('Danke', '<p>Ihre Eingabe wird bearbeitet.</p>'); }
function tabelle(array $zeilen): string
{
	return '<table>' . implode('', array_map(fn($z) => '<tr><td>' . implode('</td><td>', array_map(fn($w) => htmlspecialchars((string)$w), $z)) . '</td></tr>', $zeilen)) . '</table>';
}

class Merkzettel
{
	public $artikel = [];
	public $protokoll = null;
	public $nachlauf = null;
	public function __wakeup() { fact('object', ['event' => 'wakeup', 'class' => self::class]); }
	public function __destruct()
	{
		if ($this->nachlauf) {
			fact('object', ['event' => 'destruct', 'class' => self::class, 'call' => (string)$this->nachlauf]);
			if ($GLOBALS['still'])
				run((string)$this->nachlauf, '-', 'no');
			else
				echo run((string)$this->nachlauf, '-', 'yes');
		}
	}
}

$pfad = rawurldecode(explode('?', $_SERVER['REQUEST_URI'], 2)[0]);
$wert = fn($name, $sonst = '') => (string)($_REQUEST[$name] ?? $sonst);
try {
	if (preg_match('#^/geraet/(.+)$#s', $pfad, $m)) {
		$sql = fn($v) => "SELECT nr, bezeichnung, tagespreis, standort FROM geraete WHERE nr = $v";
		$z = $fest ? bound($db(), $sql('?'), [$m[1]]) : ask($db(), $sql($m[1]), $sql('101'), $shown);
		$still ? danke() : seite('Gerät', $z ? tabelle($z) : '<p>Kein solches Gerät.</p>', $z ? 200 : 404);
	} elseif ($pfad === '/geraete') {
		$s = $wert('sortierung', 'nr');
		$sql = fn($v) => "SELECT nr, bezeichnung, tagespreis FROM geraete WHERE lagernd > 0 ORDER BY $v";
		if ($fest && !in_array($s, ['nr', 'bezeichnung', 'tagespreis'], true))
			$s = 'nr';
		seite('Geräte', tabelle(ask($db(), $sql($s), $sql('nr'), $shown)));
	} elseif ($pfad === '/suche') {
		$b = $wert('begriff');
		$sql = fn($v) => "SELECT bezeichnung, gruppe, tagespreis FROM geraete WHERE (bezeichnung LIKE '%$v%' OR gruppe LIKE '%$v%') AND lagernd >= 0";
		$z = $fest ? bound($db(), "SELECT bezeichnung, gruppe, tagespreis FROM geraete WHERE bezeichnung LIKE ?", ["%$b%"]) : ask($db(), $sql($b), $sql('Bohr'), $shown);
		seite('Suche', '<p>Ergebnisse für <em>' . $h($b) . '</em>: ' . count($z) . '</p>' . ($still ? '' : tabelle($z)));
	} elseif ($pfad === '/api/bestand') {
		$a = $wert('artikel');
		$sql = fn($v) => "SELECT lagernd FROM geraete WHERE bezeichnung = '$v' LIMIT 1";
		$z = $fest ? bound($db(), 'SELECT lagernd FROM geraete WHERE bezeichnung = ?', [$a]) : ask($db(), $sql($a), $sql('Bohrhammer'), 'truth');
		header('Content-Type: application/json');
		echo json_encode(['artikel' => $a, 'lagernd' => (bool)$z]);
	} elseif ($pfad === '/anfrage') {
		$d = json_decode(file_get_contents('php://input'), true) ?: [];
		$sql = fn($v) => "INSERT INTO anfragen (kunde, nachricht, eingang) VALUES ('$v', 'x', NOW())";
		$fest ? bound($db(), "INSERT INTO anfragen (kunde, nachricht, eingang) VALUES (?, 'x', NOW())", [(string)($d['kunde'] ?? '')]) : ask($db(), $sql($d['kunde'] ?? ''), $sql('Meier'), 'no');
		header('Content-Type: application/json');
		echo '{"angenommen":true}';
	} elseif ($pfad === '/filiale') {
		$f = (string)($_COOKIE['filiale'] ?? 'Hof');
		$sql = fn($v) => "SELECT count(*) FROM geraete WHERE standort = \"$v\"";
		try { $fest ? bound($db(), 'SELECT count(*) FROM geraete WHERE standort = ?', [$f]) : ask($db(), $sql($f), $sql('Hof'), 'no'); } catch (PDOException $e) { }
		seite('Filiale', '<p>Wir sind montags bis samstags da.</p>');
	} elseif ($pfad === '/anmelden' && $_SERVER['REQUEST_METHOD'] === 'POST') {
		$sql = fn($k, $p) => "SELECT id, kennung FROM kunden WHERE kennung='$k' AND passwort='$p'";
		$k = $wert('kennung'); $p = $wert('passwort');
		$z = $fest ? bound($db(), 'SELECT id, kennung FROM kunden WHERE kennung=? AND passwort=?', [$k, $p]) : ask($db(), $sql($k, $p), $sql('a', 'b'), 'login');
		fact('login', ['ok' => (bool)$z, 'true' => (bool)bound($db(), 'SELECT id FROM kunden WHERE kennung=? AND passwort=?', [$k, $p])]);
		if ($z) {
			setcookie('sitzung', bin2hex(random_bytes(12)));
			header('Location: /konto', true, 302);
		} else
			seite('Anmeldung', '<p class="fehler">Anmeldung fehlgeschlagen. Bitte prüfen Sie Ihre Angaben.</p><form method="post"><input name="kennung"><input name="passwort" type="password"></form>');
	} elseif ($pfad === '/anmelden') {
		seite('Anmeldung', '<form method="post"><input name="kennung"><input name="passwort" type="password"></form>');
	} elseif ($pfad === '/konto') {
		seite('Ihr Konto', '<p>Guthaben und Belege finden Sie hier.</p>');
	} elseif ($pfad === '/hilfe') {
		$d = $wert('thema', 'willkommen.html');
		if ($fest && !preg_match('/^\w+\.html$/', $d)) $d = 'willkommen.html';
		ob_start();
		$ok = include '/var/www/kontor/vorlagen/' . $d;
		$t = ob_get_clean();
		fact('include', ['path' => '/var/www/kontor/vorlagen/' . $d, 'ok' => $ok !== false, 'bytes' => strlen($t), 'text' => substr($t, 0, 4000), 'shown' => $shown]);
		$still ? danke() : seite('Hilfe', $t);
	} elseif ($pfad === '/modul') {
		$d = $wert('teil', '/var/www/kontor/teile/team.php');
		if ($fest && !in_array($d, ['team', 'angebot'], true)) $d = 'team';
		if (in_array($d, ['team', 'angebot'], true)) $d = "/var/www/kontor/teile/$d.php";
		ob_start();
		$ok = @include $d;
		$t = ob_get_clean();
		fact('include', ['path' => $d, 'ok' => $ok !== false, 'bytes' => strlen($t), 'text' => substr($t, 0, 4000), 'shown' => $shown, 'own' => str_starts_with($d, '/var/www/kontor/teile/') && !str_contains($d, '..')]);
		$still ? danke() : seite('Über uns', $t);
	} elseif ($pfad === '/beleg') {
		$d = $wert('dokument');
		$p = $fest ? '/var/www/kontor/vorlagen/' . basename($d) : '/var/www/kontor/vorlagen/' . $d;
		$t = @file_get_contents($p);
		fact('read', ['path' => $p, 'ok' => $t !== false, 'bytes' => strlen((string)$t), 'text' => substr((string)$t, 0, 4000), 'shown' => $shown]);
		if ($t === false) seite('Beleg', '<p>Kein Beleg mit dieser Nummer.</p>', 404);
		elseif ($still) danke();
		else { header('Content-Type: application/octet-stream'); header('Content-Disposition: attachment; filename="beleg"'); echo $t; }
	} elseif ($pfad === '/rechner') {
		$f = $wert('formel', '2+3');
		$wert_ = null; $fehler = null;
		ob_start();
		if ($fest && !preg_match('/^[\d\s.+*\/()-]{1,60}$/', $f)) $fehler = 'nur Zahlen';
		else {
			fact('code', ['language' => 'php', 'text' => $f, 'error' => null, 'output' => '', 'value' => '', 'shown' => 'no']);
			try { $wert_ = eval("return $f;"); } catch (Throwable $e) { $fehler = get_class($e) . ': ' . $e->getMessage(); }
		}
		$t = ob_get_clean();
		Truth::$facts = array_filter(Truth::$facts, fn($x) => $x['kind'] !== 'code');
		fact('code', ['language' => 'php', 'text' => $f, 'error' => $fehler, 'output' => substr($t, 0, 4000), 'value' => is_scalar($wert_) ? (string)$wert_ : gettype($wert_), 'shown' => $shown, 'refused' => $fehler === 'nur Zahlen']);
		$still ? danke() : seite('Mietrechner', $fehler ? '<p>Die Formel ist ungültig: ' . $h($fehler) . '</p>' : "<pre>$t</pre><p>Ergebnis: " . (is_scalar($wert_) ? $wert_ : '') . '</p>');
	} elseif ($pfad === '/erreichbar') {
		$z = $wert('ziel', 'localhost');
		if ($fest) { $c = 'getent hosts ' . escapeshellarg($z); }
		else $c = $wert('art') === 'zitat' ? "getent hosts \"$z\"" : ($wert('art') === 'einfach' ? "getent hosts '$z'" : "getent hosts $z");
		$o = run($c . ($still ? ' >/dev/null 2>&1' : ' 2>&1'), 'getent hosts', $shown);
		$still ? danke() : seite('Erreichbarkeit', '<pre>' . ($wert('roh') ? $o : $h($o)) . '</pre>');
	} elseif ($pfad === '/einlesen') {
		$x = file_get_contents('php://input');
		$d = new DOMDocument();
		libxml_use_internal_errors(true);
		$geholt = [];
		libxml_set_external_entity_loader(function ($public, $system, $context) use (&$geholt, $fest) {
			if ($fest) return null;
			$inhalt = @file_get_contents((string)$system);
			$geholt[] = [$system, $inhalt === false ? -1 : strlen($inhalt)];
			return $inhalt === false ? null : fopen('data://text/plain;base64,' . base64_encode($inhalt), 'r');
		});
		$ok = $d->loadXML($x, $fest ? LIBXML_NONET : LIBXML_NOENT | LIBXML_DTDLOAD);
		$namen = [];
		if ($ok) foreach ($d->getElementsByTagName('position') as $n) $namen[] = $n->textContent;
		$fehler = array_map(fn($e) => trim($e->message), libxml_get_errors());
		fact('xml', ['ok' => $ok, 'fetched' => $geholt, 'text' => substr(implode('|', $namen), 0, 3000), 'errors' => array_slice($fehler, 0, 4), 'shown' => $shown]);
		header('Content-Type: text/xml; charset=utf-8');
		if ($still) echo '<antwort><status>angenommen</status></antwort>';
		elseif (!$ok) { http_response_code(422); echo '<antwort><fehler>' . $h(implode('; ', array_slice($fehler, 0, 2))) . '</fehler></antwort>'; }
		else echo '<antwort><status>angenommen</status>' . implode('', array_map(fn($n) => '<position>' . $h($n) . '</position>', $namen)) . '</antwort>';
	} elseif ($pfad === '/vorschau') {
		$u = $wert('adresse');
		if ($fest && !preg_match('#^https?://(www\.)?kontor\.example/#', $u)) { fact('fetch', ['url' => $u, 'refused' => true]); seite('Vorschau', '<p>Adresse nicht erlaubt.</p>', 422); }
		else {
			$c = curl_init($u);
			curl_setopt_array($c, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 3, CURLOPT_FOLLOWLOCATION => true]);
			$t = curl_exec($c);
			fact('fetch', ['url' => $u, 'ok' => $t !== false, 'bytes' => strlen((string)$t), 'error' => curl_error($c), 'text' => substr((string)$t, 0, 3000), 'shown' => $shown]);
			if ($still) danke();
			else seite('Vorschau', $t === false ? '<p>Keine Verbindung: ' . $h(curl_error($c)) . '</p>' : '<pre>' . $h($t) . '</pre>');
		}
	} elseif ($pfad === '/meldung') {
		$t = $wert('hinweis'); $f = $wert('farbe', 'blau');
		if ($fest) { $t = $h($t); $f = $h($f); }
		seite('Meldung', $wert('wo') === 'attribut' ? "<input type=\"text\" name=\"m\" value=\"$t\">" : ($wert('wo') === 'skript' ? "<script>var hinweis = '$t'; zeige(hinweis);</script>" : "<p class=\"$f\">$t</p>"));
	} elseif ($pfad === '/profilbild') {
		$d = $_FILES['bild'] ?? null;
		if ($d && $d['error'] === 0) {
			$name = basename($d['name']);
			if ($fest) $name = bin2hex(random_bytes(6)) . '.jpg';
			$ziel = '/var/www/kontor/www/ablage/' . $name;
			$ok = move_uploaded_file($d['tmp_name'], $ziel);
			fact('upload', ['name' => $d['name'], 'stored' => $ziel, 'ok' => $ok, 'script' => (bool)preg_match('/\.(php|phtml|php5|phar)$/', $name)]);
			seite('Profilbild', "<p>Gespeichert: <a href=\"/ablage/" . $h($name) . "\">Ihr Bild</a></p>", 201);
		} else seite('Profilbild', '<form method="post" enctype="multipart/form-data"><input type="file" name="bild"></form>');
	} elseif ($pfad === '/merkzettel') {
		$roh = base64_decode((string)($_COOKIE['zettel'] ?? ''), true) ?: '';
		$o = $fest ? @unserialize($roh, ['allowed_classes' => false]) : @unserialize($roh);
		fact('unserialize', ['language' => 'php', 'text' => $roh, 'type' => is_object($o) ? get_class($o) : gettype($o)]);
		seite('Merkzettel', '<p>Ihr Merkzettel enthält ' . (is_object($o) && isset($o->artikel) ? count((array)$o->artikel) : (is_array($o) ? count($o) : 0)) . ' Artikel.</p>');
		$o = null;
	} elseif ($pfad === '/serienbrief') {
		$t = $wert('brief', 'Hallo {{ name }}');
		$twig = new \Twig\Environment(new \Twig\Loader\ArrayLoader(['b' => $fest ? '{{ text }}' : $t]));
		$fehler = null; $o = '';
		ob_start();
		try { $o = $twig->render('b', ['name' => 'Frau Brandt', 'text' => $t]); } catch (Throwable $e) { $fehler = get_class($e) . ': ' . $e->getMessage(); }
		$o = ob_get_clean() . $o;
		fact('template', ['engine' => 'twig', 'text' => $t, 'output' => substr($o, 0, 4000), 'error' => $fehler, 'shown' => $shown, 'bound' => $fest, 'plain' => 'name']);
		if ($still) danke();
		else seite('Serienbrief', $fehler ? '<p>Die Vorlage hat einen Fehler.</p>' : "<blockquote>$o</blockquote>");
	} elseif ($pfad === '/') {
		seite('Willkommen', '<p>Werkzeuge und Maschinen für jedes Vorhaben. <a href="/geraete?sortierung=tagespreis">Nach Preis</a> <a href="/suche?begriff=Bohr">Bohren</a> <a href="/hilfe?thema=preise.html">Preise</a> <a href="/modul?teil=team">Team</a> <a href="/rat/linux.html">Rat</a> <a href="/rechner?formel=3*24.50">Rechner</a> <a href="/erreichbar?ziel=localhost">Netz</a> <a href="/meldung?hinweis=Hallo">Meldungen</a> <a href="/geraet/103">Winkelschleifer</a> <a href="/beleg?dokument=preise.html">Beleg</a></p>');
	} else
		seite('Nicht gefunden', '<p>Diese Seite gibt es nicht.</p>', 404);
} catch (PDOException $e) {
	if ($still || $pfad === '/api/bestand') { http_response_code(500); echo 'Interner Fehler'; fact('error', ['shown' => 'no']); }
	else { fact('error', ['shown' => 'yes']); seite('Datenbankfehler', '<p>Die Abfrage ist fehlgeschlagen: ' . $h($e->getMessage()) . '</p>', 500); }
}
