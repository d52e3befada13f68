#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.sh PROGRAM CORPUS [OPTION…]: fuzzes for FUZZ_SECONDS and at most FUZZ_RUNS inputs (default: no end), from seed FUZZ_SEED (default 0: another each time); libFuzzer writes into the first folder named, so that is a scratch one.
set -eu
scratch=$(mktemp -d "${TMPDIR:-/tmp}/konseki-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/found"

program=$(realpath "$1")
corpus=$2
# Unicorn's list of translations of a page, 512 bytes that it forgets itself
# and libconfig's scanner forgets a text that does not end
printf 'leak:%s\n' tb_invalidate_phys_page_fast strbuf_append libconfig_yylex >"$scratch/leaks"
export LSAN_OPTIONS="suppressions=$scratch/leaks:print_suppressions=0"
shift 2
cd "$scratch" # a crash's input is written to the working folder
if ! "$program" -max_total_time="${FUZZ_SECONDS:-5}" -runs="${FUZZ_RUNS:--1}" -seed="${FUZZ_SEED:-0}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
	"$@" "$scratch/found" "$corpus" >"$scratch/log" 2>&1; then
	tail -n 60 "$scratch/log"
	for input in crash-* oom-* timeout-* leak-*; do
		[ -f "$input" ] || continue
		echo "the input, base64 ($input):"
		head -c 65536 "$input" | base64
	done
	exit 1
fi
grep -E 'INITED|DONE|number_of_executed' "$scratch/log" | tail -n 4
