<?php
require 'comun.php';
require '/usr/share/php/smarty4/Smarty.class.php';
$t = $_REQUEST['texto'] ?? 'sin avisos';
if (isset($_GET['falta'])) { http_response_code(404); cabecera('No encontrado'); echo '<P>P&aacute;gina no encontrada.</P>'; pie(); exit; }
$s = new Smarty();
$s->setCompileDir('/tmp/smarty'); $s->setCacheDir('/tmp/smarty');
$s->assign('texto', $t); $s->assign('puerto', 'La Bocana');
$e = null; $o = '';
ob_start();
try { $o = $s->fetch('string:' . ($firme ? '{$texto|escape}' : $t)); } catch (Throwable $x) { $e = get_class($x) . ': ' . $x->getMessage(); }
$o = ob_get_clean() . $o;
fact('template', ['engine' => 'smarty', 'text' => $t, 'output' => substr($o, 0, 4000), 'error' => $e, 'shown' => $shown, 'bound' => $firme, 'plain' => '']);
if ($mudo) { gracias(); exit; }
cabecera('Aviso'); echo $e ? '<PRE>' . htmlspecialchars($e) . '</PRE>' : "<P>$o</P>"; pie();
