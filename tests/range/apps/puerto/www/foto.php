<?php
require 'comun.php';
$n = str_replace('../', '', $_GET['nombre'] ?? '');
$p = $firme ? '/srv/puerto/fotos/' . basename($n) : '/srv/puerto/fotos/' . $n;
$t = @file_get_contents($p);
fact('read', ['path' => $p, 'ok' => $t !== false, 'bytes' => strlen((string)$t), 'text' => substr((string)$t, 0, 4000), 'shown' => $shown]);
header('Content-Type: image/jpeg');
if ($t === false) { http_response_code(404); header('Content-Type: text/html'); cabecera('Foto'); echo 'No existe.'; pie(); }
else echo $mudo ? 'JFIF' : $t;
