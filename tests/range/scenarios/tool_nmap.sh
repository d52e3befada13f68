# SPDX-License-Identifier: GPL-2.0-or-later
# nmap's scripts for web servers, a guess at names, a look at what runs.
scripts='http-enum,http-passwd,http-sql-injection,http-shellshock,http-phpself-xss,http-unsafe-output-escaping,http-stored-xss,http-rfi-spider,http-vuln-cve2012-1823,http-vuln-cve2017-5638,http-vuln-cve2014-3704,http-git,http-config-backup,http-methods,http-headers,http-waf-detect,http-php-version,http-dombased-xss,http-fileupload-exploiter,http-majordomo2-dir-traversal,http-phpmyadmin-dir-traversal,http-title'
for target in 203.0.113.31:80 203.0.113.51:8000 203.0.113.71:80 203.0.113.74:80 203.0.113.91:3000; do
	timeout 120 nmap -n -Pn -p "${target#*:}" --script "$scripts" --script-timeout 40s "${target%:*}" || true
done
timeout 60 whatweb -a 3 http://203.0.113.31/ http://203.0.113.71/ http://203.0.113.51:8000/ || true
timeout 60 dirb http://203.0.113.33/ /usr/share/dirb/wordlists/vulns/apache.txt -S -r || true
