# SPDX-License-Identifier: GPL-2.0-or-later
# wapiti crawls each application and tries its modules on all it finds.
for url in http://203.0.113.31/ http://203.0.113.33/ http://203.0.113.51:8000/ http://203.0.113.53:8000/ http://203.0.113.71/ http://203.0.113.91:3000/ http://203.0.113.111:8080/; do
	timeout 200 wapiti -u "$url" -m exec,file,sql,xss,ssrf,shellshock,htaccess,backup -d 2 --max-scan-time 150 --flush-session --color -v 0 -t 6 -f txt -o "/tmp/wapiti.txt" || true
done
