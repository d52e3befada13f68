<?php
require 'comun.php';
$m = $_GET['moneda'] ?? 'EUR';
$sql = fn($v) => "UPDATE amarres SET ocupado = ocupado WHERE codigo = ('$v')";
try { $firme ? bound(base(), 'UPDATE amarres SET ocupado = ocupado WHERE codigo = ?', [$m]) : ask(base(), $sql($m), $sql('EUR'), 'no'); } catch (PDOException $x) { fact('error', ['shown' => 'no']); }
cabecera('Tarifas');
echo "<P>Eslora hasta 8 m: 14 al d\xeda. Hasta 12 m: 21 al d\xeda.</P>";
pie();
