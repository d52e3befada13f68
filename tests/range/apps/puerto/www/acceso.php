<?php
require 'comun.php';
if ($_SERVER['REQUEST_METHOD'] !== 'POST') { cabecera('Acceso'); echo '<FORM METHOD=POST><INPUT NAME=usuario><INPUT NAME=clave TYPE=password></FORM>'; pie(); exit; }
$u = $_POST['usuario'] ?? ''; $c = $_POST['clave'] ?? '';
$sql = fn($v) => "SELECT usuario, rol FROM usuarios WHERE clave = md5('" . addslashes($c) . "') AND usuario = '$v'";
$f = [];
try { $f = $firme ? bound(base(), 'SELECT usuario, rol FROM usuarios WHERE clave = md5(?) AND usuario = ?', [$c, $u]) : ask(base(), $sql($u), $sql('x'), 'login'); } catch (PDOException $x) { fact('error', ['shown' => 'no']); }
fact('login', ['ok' => (bool)$f, 'true' => (bool)bound(base(), 'SELECT 1 FROM usuarios WHERE clave = md5(?) AND usuario = ?', [$c, $u])]);
if ($f) { header('Set-Cookie: PUERTOSES=' . bin2hex(random_bytes(8))); cabecera('Bienvenido'); echo "<P>Panel del armador. <A HREF=salir.php>Salir</A></P>"; }
else { cabecera('Acceso'); echo '<P><FONT COLOR=red>Usuario o clave incorrectos</FONT></P>'; }
pie();
