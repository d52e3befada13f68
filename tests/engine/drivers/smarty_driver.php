<?php
// SPDX-License-Identifier: GPL-2.0-or-later
// Smarty itself: a template in hex a line, "v HEX" or "e HEX" (the message) a line. usage: smarty_driver.php Smarty.class.php
error_reporting(0);
require $argv[1];
$smarty = new Smarty();
$folder = sys_get_temp_dir() . '/konseki-smarty-' . getmypid();
mkdir($folder, 0700);
$smarty->setCompileDir($folder);
$smarty->setTemplateDir($folder);
while (($line = fgets(STDIN)) !== false) {
	$level = ob_get_level();
	$smarty->clearAllAssign();
	try {
		$text = $smarty->fetch('eval:' . hex2bin(trim($line)));
		echo 'v ', bin2hex($text), "\n";
	} catch (\Throwable $error) {
		while (ob_get_level() > $level)
			ob_end_clean();
		echo 'e ', bin2hex($error->getMessage()), "\n";
	}
}
array_map('unlink', glob("$folder/*"));
rmdir($folder);
