<?php
// SPDX-License-Identifier: GPL-2.0-or-later
// Twig itself: a template in hex a line, "v HEX" or "e HEX" (the message) a line. usage: twig_driver.php AUTOLOAD
error_reporting(0);
require $argv[1];
$twig = new \Twig\Environment(new \Twig\Loader\ArrayLoader([]), ['autoescape' => false]);
while (($line = fgets(STDIN)) !== false) {
	$level = ob_get_level();
	try {
		$text = $twig->createTemplate(hex2bin(trim($line)))->render();
		echo 'v ', bin2hex($text), "\n";
	} catch (\Throwable $error) {
		while (ob_get_level() > $level)
			ob_end_clean();
		echo 'e ', bin2hex($error->getMessage()), "\n";
	}
}
