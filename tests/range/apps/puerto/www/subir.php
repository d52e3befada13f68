<?php
require 'comun.php';
$d = $_FILES['archivo'] ?? null;
if ($d && $d['error'] === 0) {
	$n = basename($d['name']);
	$mal = $firme ? !preg_match('/^[\w-]+\.(jpg|png|pdf)$/i', $n) : preg_match('/\.php$/', $n);
	$destino = "/srv/puerto/www/subidas/$n";
	$ok = !$mal && move_uploaded_file($d['tmp_name'], $destino);
	fact('upload', ['name' => $d['name'], 'stored' => $destino, 'ok' => $ok, 'script' => (bool)preg_match('/\.(php|phtml)$/', $n)]);
	cabecera('Subida'); echo $ok ? "<P>Archivo recibido.</P>" : "<P>Tipo de archivo no permitido.</P>"; pie();
} else gracias();
