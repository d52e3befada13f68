#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# root.sh FOLDER SUITES PACKAGES: a private Debian root with PACKAGES (comma-separated), for programs that tests run beside
# Konseki. SUITES: "bookworm", or "bookworm bookworm-backports" (then everything comes from the last one where it has it).
# The mirror is the one this machine's own apt sources name for bookworm.
set -euo pipefail
root=$1 suites=$2 packages=$3

mirror=$(awk '
	FNR == 1 || /^$/ { uri = "" }
	/^URIs:/ { uri = $2 }
	/^Suites:/ && uri != "" { for (i = 2; i <= NF; i++) if ($i == "bookworm") { print uri; exit } }
' /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
[ -n "$mirror" ] || mirror=$(awk '$1 == "deb" { for (i = 2; i < NF; i++) if ($i ~ /^https?:/ && $(i+1) == "bookworm") { print $i; exit } }' \
	/etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true)
[ -n "$mirror" ] || { echo "root.sh: no apt source of this machine names a mirror for bookworm" >&2; exit 3; }
command -v mmdebstrap >/dev/null || { echo "root.sh: not installed: mmdebstrap (apt-get install mmdebstrap)" >&2; exit 3; }

lines=() pins=()
for suite in $suites; do
	lines+=("deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main")
done
last=${suites##* }
[ "$last" = bookworm ] || pins=(--aptopt="APT::Default-Release \"$last\"")
rm -rf "$root.new"
mkdir -p "$(dirname "$root")"
mmdebstrap --quiet --mode=root --variant=minbase --aptopt='APT::Install-Recommends "false"' "${pins[@]}" \
	--include="$packages" bookworm "$root.new" "${lines[@]}"
mv "$root.new" "$root"
