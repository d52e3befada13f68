<?php
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prepended to every PHP request of the range: keeps what really happened and writes one line of truth when it ends. */
final class Truth
{
	public static array $facts = [];
	public static float $start;
	public static bool $told = false;

	public static function tell(): void
	{
		if (self::$told)
			return;
		self::$told = true;
		$line = json_encode(['src' => $_SERVER['REMOTE_ADDR'] ?? '', 'sport' => (int)($_SERVER['REMOTE_PORT'] ?? 0), 'pid' => getmypid(),
			'line' => ($_SERVER['REQUEST_METHOD'] ?? '') . ' ' . ($_SERVER['REQUEST_URI'] ?? ''), 'start' => self::$start, 'end' => microtime(true),
			'build' => $_SERVER['BUILD'] ?? '', 'script' => $_SERVER['SCRIPT_FILENAME'] ?? '', 'included' => get_included_files(),
			'facts' => array_values(self::$facts)], JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_UNESCAPED_SLASHES);
		@file_put_contents('/run/truth/requests', $line . "\n", FILE_APPEND);
	}
}
Truth::$start = microtime(true);
function fact(string $kind, array $what): void { Truth::$facts[] = ['kind' => $kind] + $what; }

/* A statement as a careless programmer sends it; $plain: the same statement with an ordinary value. */
function ask(PDO $db, string $sql, string $plain, string $shown): array
{
	$start = microtime(true);
	$rows = [];
	$error = null;
	try {
		$result = $db->query($sql);
		do {
			if ($result->columnCount() > 0)
				$rows = array_merge($rows, array_slice($result->fetchAll(PDO::FETCH_NUM), 0, 400));
		} while ($db->getAttribute(PDO::ATTR_DRIVER_NAME) === 'mysql' && $result->nextRowset());
	} catch (PDOException $e) {
		$error = $e;
	}
	fact('sql', ['dialect' => $db->getAttribute(PDO::ATTR_DRIVER_NAME), 'sql' => $sql, 'plain' => $plain, 'rows' => array_slice($rows, 0, 60), 'count' => count($rows),
		'shown' => $shown, 'error' => $error ? [(string)($error->errorInfo[1] ?? ''), (string)($error->errorInfo[0] ?? ''), $error->getMessage()] : null,
		'took' => microtime(true) - $start]);
	if ($error && !in_array($error->errorInfo[0] ?? '', ['HY000x'], true))
		throw $error;
	return $rows;
}

/* A bound value: nothing of it can run. */
function bound(PDO $db, string $sql, array $values): array
{
	$s = $db->prepare($sql);
	$s->execute($values);
	fact('bound', ['sql' => $sql]);
	return $s->columnCount() ? $s->fetchAll(PDO::FETCH_NUM) : [];
}

/* A command as `sh -c` gets it; $own: the words that it begins with of its own. */
function run(string $command, string $own, string $shown): string
{
	$out = (string)shell_exec($command);
	fact('shell', ['command' => $command, 'own' => $own, 'output' => substr($out, 0, 20000), 'shown' => $shown]);
	return $out;
}
register_shutdown_function(['Truth', 'tell']);
