# SPDX-License-Identifier: GPL-2.0-or-later
"""Shell commands made by chance: pipes of texts and filters, and errands that touch files, variables and processes."""
import random


class Words:
    """Constants of chance."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def word(self):
        return ''.join(self.r.choice('abcdefghijklmnopqrstuvwxyz') for _ in range(self.r.randint(1, 9)))

    def number(self, below=10000):
        return str(self.r.randrange(1, below))

    def sum(self):
        text = self.number()
        for _ in range(self.r.randint(1, 4)):
            text += self.r.choice(['+', '-', '*', '/', '%', '^', '|', '&']) + self.number(97)
        return f'$(({text}))'

    def one(self, *choices):
        """One of texts, or what one of functions gives."""
        choice = self.r.choice(choices)
        return choice() if callable(choice) else choice


class Pipes(Words):
    """Texts through filters, in lists, conditions, loops, functions and substitutions."""

    def value(self):
        return self.one(self.word, self.number, self.sum, lambda: f'"{self.word()} {self.word()}"',
                        lambda: f"'{self.word()}  {self.number()}'", lambda: f'$(echo {self.word()})')

    def source(self):
        return self.one(
            lambda: f'echo {self.value()} {self.value()}',
            lambda: f'printf "%s\\n" {" ".join(self.word() for _ in range(self.r.randint(2, 6)))}',
            lambda: f'seq {self.r.randrange(1, 9)} {self.r.randrange(9, 30)}',
            'cat /etc/passwd', 'ls /etc', lambda: f'printf "%0{self.r.randint(1, 9)}d\\n" {self.number()}',
            lambda: f'x={self.word()}; echo ${{x}}{self.word()} ${{#x}}',
            lambda: f'for i in {self.word()} {self.word()} {self.number()}; do echo "$i {self.number()}"; done',
            lambda: f'awk "BEGIN{{print {self.number()}*{self.number(50)}, \\"{self.word()}\\"}}"')

    def filter(self):
        return self.one(
            'rev', 'sort', 'sort -r', 'uniq', 'wc', 'wc -c', 'wc -l', 'tac', 'cat -A', 'cat', 'md5sum',
            'sha1sum', 'base64', 'base64 | base64 -d', 'tr a-m n-z', 'tr a-z A-Z', f'head -n {self.r.randint(1, 4)}',
            f'tail -n {self.r.randint(1, 4)}', f'cut -c1-{self.r.randint(1, 12)}', f'grep -c {self.r.choice("aeiou")}',
            f'grep {self.r.choice("aeiou")}', f'sed s/{self.r.choice("aeiou")}/{self.word()}/', 'od -An -tx1', 'od -c',
            "awk '{print NF, $1}'", 'fold -w 7', 'gzip -c | gunzip -c', 'nl', 'while read l; do echo "<$l>"; done',
            'xargs', f'xargs -n{self.r.randint(1, 4)} echo {self.word()}', "xargs -I@ echo '<@>'", 'paste -sd,',
            'paste - -', "sed 'N;P;D'", "sed -n '$='", "sed '1!G;h;$!d'", 'cksum', 'sha256sum | cut -c1-9', 'expand',
            'fold -sw 12', "awk '{a[$1]++} END{for (k in a) n++; print n}'", 'sh -c cat', 'tar cf - -C /etc hosts | tar tf -',
            'while IFS=: read -r x y z; do echo "$y|$z|$x"; done', 'split -l 2 - /tmp/s; cat /tmp/s*')

    def test(self):
        return self.one(
            f'[ {self.number()} -lt {self.number()} ]', f'[ -e /etc/{self.r.choice(["passwd", "hosts", self.word()])} ]',
            f'[ {self.word()} = {self.word()} ]', 'true', 'false', f'grep -q {self.word()} /etc/passwd',
            f'expr {self.number()} \\> {self.number()} >/dev/null', f'(exit {self.r.randrange(3)})')

    def plain(self):
        return ' | '.join([self.source()] + [self.filter() for _ in range(self.r.randrange(0, 4))])

    def command(self, depth=0):
        if depth > 2:
            return self.plain()
        more = lambda: self.command(depth + 1)
        return self.one(
            self.plain, self.plain, lambda: f'{self.test()} && {more()}', lambda: f'{self.test()} || {more()}',
            lambda: f'if {self.test()}; then {more()}; else {more()}; fi', lambda: f'{more()}; {more()}',
            lambda: f'({more()}); echo $?', lambda: f'echo "$({more()})"', lambda: f'{{ {more()}; }} > /tmp/f{depth}; cat /tmp/f{depth}',
            lambda: f'f{depth}() {{ {more()}; return {self.r.randrange(9)}; }}; f{depth}; echo $?',
            lambda: f'{more()}; exit {self.r.randrange(256)}',
            lambda: f'case {self.word()} in {self.r.choice("abcdefgh")}*) {more()};; *) {more()};; esac')


class Errands(Pipes):
    """What scripts do to files, variables and processes."""

    def file(self):
        return '/tmp/' + self.word()

    def variables(self):
        v = f'{self.word()}/{self.word()}.{self.word()}.{self.number()}'
        cut = self.one('%.*', '%%.*', '#*/', '##*/', '%/*', '#?', ':-d', ':+s', '=q', '##*[aeiou]', '%%[aeiou]*')
        return self.one(
            f'x={v}; echo ${{x{cut}}} "${{#x}}"', f'unset y; echo ${{y:-{self.word()}}} ${{y:={self.number()}}} $y ${{y:+z}}',
            f'IFS=:; x="{self.word()}:{self.number()},{self.word()}"; set -- $x; echo $# $1 "$*"',
            f'set -- {self.word()} "a {self.number()}"; echo "$#" "$2"; shift; for i; do echo "[$i]"; done',
            f'(: ${{nope?{self.word()}}}) 2>/dev/null; echo $?', f'readonly r={self.number()}; (r=1) 2>/dev/null; echo $? $r',
            f'x=$(printf "{self.word()}\\n\\n\\n"); echo "[$x]"', f'eval "a={self.number()}"; eval echo \\$a',
            f"cat <<EOF\n{self.word()} {self.sum()} `echo {self.word()}`\n\\$x\nEOF", f"cat <<'EOF'\n$HOME {self.sum()}\nEOF",
            f'getopts ab:c o -a -b {self.word()}; echo $o $OPTIND', f'a=1 sh -c \'echo $a\'; echo "${{a:-none}}"')

    def files(self):
        d = self.file()
        return self.one(
            f'mkdir -p {d}/a/b && cd {d}/a && pwd && cd .. && pwd; rm -r {d}; ls {d} 2>/dev/null; echo $?',
            f'echo {self.word()} >{d}; cp {d} {d}2; mv {d}2 {d}3; ln -s {d} {d}4; cat {d}4 {d}3; ls -1 /tmp; rm -f {d}*; ls /tmp',
            f'echo x >{d}; chmod {self.one("600", "755", "a-r", "u+x", "g=u", "4711", "+t")} {d}; stat -c "%a %A %s" {d}; [ -x {d} ]; echo $?',
            f'exec {self.number(1000)}>{d}; echo {self.word()} >{d}; exec 3>>{d}; echo y >&3; exec 3>&-; cat {d}',
            f'ln /etc/{self.one("passwd", "hosts")} {d} 2>/dev/null; echo $?; ln -s nowhere {d}y; readlink {d}y; [ -e {d}y ]; echo $?',
            f'umask {self.one("077", "022", "137")}; touch {d}; mkdir {d}x; stat -c %a {d} {d}x',
            f'mkdir -p {d}/q/r; echo f >{d}/q/f; tar czf {d}.tgz -C /tmp {d[5:]}; rm -rf {d}; tar xzf {d}.tgz -C /tmp; find {d} | sort',
            f'truncate -s {self.number(5000)} {d}; wc -c {d}; od {d} | head -n 2', f'mkfifo {d}; echo p >{d} & cat {d}; wait; ls -l {d} | cut -c1',
            f'printf "#!/bin/sh\\necho \\$# \\$1\\nexit {self.number(200)}\\n" >{d}; chmod 777 {d}; {d} {self.word()}; echo $?',
            f'echo "echo {self.word()} \\$1" >{d}; chmod +x {d}; {d} {self.number()}; sh {d} q; . {d}',
            f'(echo out; echo err >&2) 2>{d} | cat; cat {d}', f'set -C; echo a >{d}; (echo b >{d}) 2>/dev/null; echo $?; cat {d}',
            'rm -rf /etc/passwd 2>/dev/null; echo $?; echo x >/etc/y 2>/dev/null; echo $?; chmod 777 /etc 2>/dev/null; echo $?')

    def processes(self):
        return self.one(
            f'trap "echo bye {self.word()}" EXIT; exit {self.number(256)}', 'sh -c \'trap "echo usr" USR1; kill -USR1 $$; echo after\'',
            f'(sleep 0.1; echo {self.word()}) & echo first; wait; echo done', 'sleep 5 & p=$!; kill $p; wait $p; echo $?',
            f'(exit {self.number(256)}) & wait $!; echo $?', f'sh -c "kill -{self.one("9", "15", "1", "6", "11")} \\$\\$"; echo $?',
            f'set -e; echo {self.word()}; false; echo never', f'f() {{ [ $1 -le 1 ] && echo 1 || echo $(($1 * $(f $(($1 - 1))))); }}; f 5',
            f'{self.word()}nocmd 2>/dev/null; echo $?; /etc/passwd 2>/dev/null; echo $?', f'timeout 1 sleep 3; echo $?',
            f'yes {self.word()} | head -n {self.r.randint(1, 5)}', f'exec sh -c "echo \\$0; exit {self.number(100)}"',
            f'echo "echo \\$1 {self.number()}" | sh -s {self.word()}', 'trap "" PIPE; yes 2>/dev/null | head -n 1; echo ok')

    def command(self, depth=0):
        base = self.one(self.variables, self.files, self.processes)
        line = base + '\n'
        return self.one(
            base, base, base, lambda: line + self.plain(), lambda: f'if {self.test()}; then {line}else {self.plain()}; fi',
            lambda: f'({line})|wc -c', lambda: f'x=$({line}); echo "$x" | md5sum', lambda: f'{{ {line}}} 2>/dev/null; echo "rc $?"',
            lambda: f'f() {{\n{line}}}\nf {self.word()}; f | tail -n 1', lambda: f'({line}) & wait; echo w$?')
