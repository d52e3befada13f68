<?php
require 'comun.php';
$e = $_GET['eslora'] ?? '9';
$sql = fn($v) => "SELECT matricula, nombre, eslora FROM barcos WHERE eslora > $v ORDER BY nombre";
try {
	$f = $firme ? bound(base(), 'SELECT matricula, nombre, eslora FROM barcos WHERE eslora > CAST(? AS numeric) ORDER BY nombre', [is_numeric($e) ? $e : '9']) : ask(base(), $sql($e), $sql('9'), $shown);
} catch (PDOException $x) {
	fact('error', ['shown' => $shown]);
	if ($mudo) { gracias(); exit; }
	cabecera('Barcos');
	echo "<B>Warning</B>: PDO::query(): " . $x->getMessage() . " in <B>/srv/puerto/www/barcos.php</B> on line <B>6</B><BR>";
	pie();
	exit;
}
if ($mudo) { gracias(); exit; }
cabecera('Barcos');
echo "<TABLE BORDER=1>";
foreach ($f as $r)
	echo "<TR><TD>" . implode("</TD><TD>", array_map(fn($c) => htmlspecialchars((string)$c, ENT_QUOTES, 'ISO-8859-1'), $r)) . "</TD></TR>\n";
echo "</TABLE>";
pie();
