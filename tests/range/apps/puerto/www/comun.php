<?php
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Common to the marina's pages. Vulnerable on purpose. */
$build = $_SERVER['BUILD'] ?? 'abierto';
$firme = $build === 'firme';
$mudo = $build === 'mudo';
$shown = $mudo ? 'no' : 'yes';
function base(): PDO
{
	return new PDO('pgsql:host=/run/postgresql;dbname=puerto;user=puerto;options=--client_encoding=LATIN1', null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => true]);
}
function cabecera(string $t): void { echo "<HTML><HEAD><TITLE>Puerto Deportivo - $t</TITLE></HEAD><BODY BGCOLOR=#ffffff>\n<H2>$t</H2>\n"; }
function pie(): void { echo "<HR><ADDRESS>Capitan\xeda - visitas: " . random_int(10000, 99999) . "</ADDRESS></BODY></HTML>\n"; }
function gracias(): void { cabecera('Solicitud'); echo "<P>Su solicitud ha sido recibida.</P>"; pie(); }
