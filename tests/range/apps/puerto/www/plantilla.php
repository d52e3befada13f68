<?php
require 'comun.php';
$v = $_GET['vista'] ?? 'normas';
if ($firme && !preg_match('/^\w+$/', $v)) $v = 'normas';
$p = preg_match('#^\w+$#', $v) ? "/srv/puerto/vistas/$v.php" : "$v.php";
if (isset($_GET['cruda'])) $p = $firme ? '/srv/puerto/vistas/normas.php' : $v;
ob_start();
$ok = @include $p;
$t = ob_get_clean();
fact('include', ['path' => $p, 'ok' => $ok !== false, 'bytes' => strlen($t), 'text' => substr($t, 0, 4000), 'shown' => $shown, 'own' => (bool)preg_match('#^/srv/puerto/vistas/\w+\.php$#', $p)]);
if ($mudo) { gracias(); exit; }
cabecera('Vista'); echo $t; pie();
