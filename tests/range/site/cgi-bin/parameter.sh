# Common to the scripts: form parameters, and a shell whose steps are kept as the server's truth.

# parameter NAME: its value from the query string or a form body, percent-decoded
if [ "$REQUEST_METHOD" = POST ] && [ "${CONTENT_LENGTH:-0}" -gt 0 ]; then
	FORM=$(head -c "$CONTENT_LENGTH")
else
	FORM=$QUERY_STRING
fi
parameter() {
	printf %s "$FORM" | tr '&' '\n' | sed -n "s/^$1=//p" | head -n 1 | tr '+' ' ' |
		perl -pe 's/%([0-9A-Fa-f]{2})/chr hex $1/ge'
}

# evaluate COMMAND: runs it as `sh -c` would be run by a program; every step it takes is written to $TRUTH
evaluate() {
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -x -c "$1" 2>>"$TRUTH/$UNIQUE_ID"
}
