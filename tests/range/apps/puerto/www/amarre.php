<?php
require 'comun.php';
$c = $_REQUEST['codigo'] ?? '';
header('Content-Type: text/plain; charset=iso-8859-1');
$sql = fn($v) => "SELECT codigo, pantalan, barco FROM amarres WHERE codigo='$v' LIMIT 1";
try {
	$f = $firme ? bound(base(), 'SELECT codigo, pantalan, barco FROM amarres WHERE codigo=? LIMIT 1', [$c]) : ask(base(), $sql($c), $sql('A-01'), $shown);
	if ($mudo) echo "OK\n";
	elseif ($f) printf("CODIGO: %s\nPANTALAN: %s\nBARCO: %s\n", ...array_slice(array_pad($f[0], 3, ''), 0, 3));
	else { http_response_code(404); echo "SIN DATOS\n"; }
} catch (PDOException $x) {
	fact('error', ['shown' => 'no']);
	http_response_code(500);
	echo "ERROR INTERNO\n";
}
