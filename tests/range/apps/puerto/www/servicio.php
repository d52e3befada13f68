<?php
require 'comun.php';
$x = new SimpleXMLElement('<a/>');
$texto = file_get_contents('php://input');
$d = new DOMDocument();
libxml_use_internal_errors(true);
$geholt = [];
libxml_set_external_entity_loader(function ($p, $s, $c) use (&$geholt, $firme) {
	if ($firme) return null;
	$i = @file_get_contents((string)$s);
	$geholt[] = [$s, $i === false ? -1 : strlen($i)];
	return $i === false ? null : fopen('data://text/plain;base64,' . base64_encode($i), 'r');
});
$ok = $d->loadXML($texto, $firme ? LIBXML_NONET : LIBXML_NOENT | LIBXML_DTDLOAD);
$n = $ok ? $d->getElementsByTagName('matricula')->item(0) : null;
$m = $n ? $n->textContent : '';
fact('xml', ['ok' => $ok, 'fetched' => $geholt, 'text' => $m, 'errors' => [], 'shown' => $shown]);
header('Content-Type: text/xml');
$sobre = fn($c) => "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>$c</soap:Body></soap:Envelope>\n";
$sql = fn($v) => "SELECT nombre, armador FROM barcos WHERE matricula = '$v'";
try {
	$f = $firme ? bound(base(), 'SELECT nombre, armador FROM barcos WHERE matricula = ?', [$m]) : ask(base(), $sql($m), $sql('x'), $shown);
	if ($mudo) echo $sobre('<recibido/>');
	else echo $sobre('<consulta matricula="' . htmlspecialchars($m) . '">' . implode('', array_map(fn($r) => '<barco><nombre>' . htmlspecialchars((string)$r[0], ENT_QUOTES, 'ISO-8859-1') . '</nombre><armador>' . htmlspecialchars((string)$r[1], ENT_QUOTES, 'ISO-8859-1') . '</armador></barco>', $f)) . '</consulta>');
} catch (PDOException $x) {
	fact('error', ['shown' => $shown]);
	http_response_code(500);
	echo $sobre('<soap:Fault><faultcode>soap:Server</faultcode><faultstring>' . ($mudo ? 'Error' : htmlspecialchars($x->getMessage())) . '</faultstring></soap:Fault>');
}
