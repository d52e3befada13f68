# SPDX-License-Identifier: GPL-2.0-or-later
"""Scripts made by chance, wider than grammar.py: the shell's own language, filters with many options, files and their
rights, processes and their signals, what /proc and /dev tell. Each subject is a method; bash has more of them."""
from grammar import Words


class Scripts(Words):
    """Commands for `sh -c`. kind: 'busybox', 'dash' (with coreutils) or 'bash'."""

    def __init__(self, seed, kind):
        super().__init__(seed)
        self.kind = kind

    # constants
    def words(self, most=6):
        return ' '.join(self.word() for _ in range(self.r.randint(1, most)))

    def lines(self):
        rows = [self.one(self.words, lambda: f'{self.word()}:{self.number()}:{self.word()}', lambda: f'{self.number()} {self.word()}',
                         self.number, lambda: self.word().upper() + ' ' + self.word(), lambda: f'{self.word()},{self.number(99)},{self.word()}')
                for _ in range(self.r.randint(2, 9))]
        return self.one(lambda: 'printf "%s\\n" ' + ' '.join(f"'{row}'" for row in rows),
                        lambda: "cat <<'END'\n" + '\n'.join(rows) + '\nEND\n' if self.r.random() < .3 else f'echo "{rows[0]}"',
                        lambda: f'seq {self.number(20)} {self.r.randint(1, 4)} {self.r.randint(20, 60)}', 'cat /etc/passwd', 'cat /etc/group')

    def piped(self):
        text = self.lines()
        return f'({text})' if '\n' in text else text

    def letter(self):
        return self.r.choice('abcdeghiklmnorstu')

    def path(self):
        return '/tmp/' + self.word()

    def regex(self):
        a, b = self.letter(), self.letter()
        return self.one(f'{a}{b}*', f'^{a}', f'{b}$', f'[{a}-{max(a, chr(ord(b)))}]' if a < b else f'[{b}{a}]', f'{a}.{b}', f'[^{a}]',
                        '[0-9][0-9]*', '[[:upper:]]', f'\\({a}\\|{b}\\)', f'{a}\\{{1,2\\}}', '^$', ':', f'[[:digit:]]\\+')

    def extended(self):
        a, b = self.letter(), self.letter()
        return self.one(f'{a}+|{b}', f'({a}|{b}){{1,3}}', f'^[^:]*{a}', '[0-9]{2,}', f'({a}.)+', f'{a}?{b}$', '\\<[a-m]', '^(.).*\\1')

    # filters: one line in, one line out
    def grep(self):
        options = ''.join(self.r.sample(['-c', '-n', '-v', '-i', '-o', '-w', '-x', '-m2', '-h', '-b', '-q'], self.r.randint(0, 2)))
        options = options.replace('-', ' -')
        return self.one(f"grep{options} '{self.regex()}'", f"grep{options} -E '{self.extended()}'", f'grep{options} -F {self.letter()}',
                        f"grep{options} -e {self.letter()} -e {self.number(9)}", f"grep -A{self.r.randint(0, 2)} -B1 '{self.regex()}'",
                        f"egrep '{self.extended()}'", f'grep -L {self.letter()} /etc/passwd /etc/hosts', f'grep -l {self.letter()} /etc/passwd /etc/hosts',
                        f'grep -s {self.word()} /nosuch /etc/hosts; echo $?')

    def sed(self):
        a, b = self.regex(), self.letter()
        return self.one(
            f"sed 's/{a}/<&>/'", f"sed 's/{a}/{self.word()}/g'", f"sed 's/{b}/\\n/2'", f"sed -n '/{a}/p'", f"sed '/{a}/d'", f"sed '2,3d'",
            f"sed -n '1~2p'", f"sed '$!N;s/\\n/+/'", f"sed -E 's/({b}+)(.)/\\2\\1/'", f"sed 'y/abc/xyz/'", f"sed '1i {self.word()}'",
            f"sed '$a {self.word()}'", f"sed '/{a}/c {self.word()}'", f"sed 's/.*/\\U&/;q'" if self.kind != 'busybox' else "sed q",
            f"sed -e '/{a}/{{s//({b})/' -e 'p;}}'", f"sed ':a;s/^\\(.\\{{1,9\\}}\\)$/ \\1/;ta'", f"sed -n '/{b}/,/{self.letter()}/{{=;p}}'",
            f"sed '/{a}/!s/^/# /'", f"sed 's/[^,:]*/[&]/{self.r.randint(1, 3)}'", "sed -n 'H;${x;s/\\n/|/g;p}'", f"sed '0,/{b}/s//Q/'",
            f"sed -s -n '$=' - /etc/hosts", f"sed 'l 20;d'", f"sed -z 's/\\n/~/g'", f"sed 's/{b}/&&/w /tmp/w'; cat /tmp/w")

    def awk(self):
        n = self.r.randint(1, 3)
        return self.one(
            f"awk '{{print ${n}, NF, NR}}'", f"awk -F: '{{print ${n}; s += ${n}}} END {{print s}}'", f"awk '/{self.letter()}/ {{n++}} END {{print n+0}}'",
            f"awk '{{printf \"%5.{n}f|%-8s|%03d|%x\\n\", $1, $2, $1, length}}'", "awk 'BEGIN{FS=\"[:, ]\"} {$1=$1; print}' OFS=-",
            f"awk '{{print toupper(substr($0, {n}, 4)), index($0, \"{self.letter()}\")}}'", f"awk '{{gsub(/[{self.letter()}{self.letter()}]/, \"_\"); print}}'",
            f"awk '{{n = split($0, p, /[:, ]/); for (i = n; i > 0; i--) printf \"%s \", p[i]; print \"\"}}'",
            f"awk -v k={self.word()} 'NR=={n}{{print k \"=\" $0; exit 3}}'; echo $?", "awk '{a[NR]=$0} END{for(i=NR;i;i--)print a[i]}'",
            f"awk 'function f(x) {{return x<2 ? 1 : x*f(x-1)}} BEGIN{{print f({n + 4}), int({self.number()}/7), {self.number()}%97, 2^{n}}}'",
            "awk 'BEGIN{while ((\"echo a b; echo c\" | getline l) > 0) print \"got \" l}'", "awk '{print | \"sort -r\"}'", "awk 'length > 5 && !/:/ || NR==1'",
            "awk 'NR%2==0{next} {print NR\":\"$0} END{print ENVIRON[\"PATH\"] != \"\", ARGC}'", f"awk '{{print match($0, /[{self.letter()}]+/), RSTART, RLENGTH}}'",
            f"awk 'BEGIN{{print substr(\"{self.word()}\", 2), sprintf(\"%c%c\", 65+{n}, \"xyz\"), log(1), sqrt(16), -7%3}}'",
            f"awk 'BEGIN {{ x[\"{self.word()}\"]=1; x[1,2]; print length(x); delete x; print (1 in x); system(\"echo {self.word()}; exit {n}\") }}'")

    def column(self):
        n, m = self.r.randint(1, 4), self.r.randint(4, 9)
        return self.one(
            f'cut -c{n}-{m}', f'cut -d: -f{n},3', f"cut -d' ' -f{n}-", f'cut -b-{n}', f"cut -s -d, -f2", 'rev', f'fold -w{m}', 'paste -s', f'paste -d+ - -',
            'expand -t4', 'nl -ba', f'head -c{m}0', f'tail -c{m}', f'head -n-{n}' , f'tail -n+{n}', 'tac', f'tr -d {self.letter()}{self.letter()}',
            f'tr -s {self.letter()}', "tr '[:lower:]' '[:upper:]'", f"tr -c 'a-z\\n' _", f'tr {self.letter()}{self.letter()} XY', 'wc -lw', 'wc -L', 'wc -m',
            'od -An -c -w8' if self.kind != 'busybox' else 'od -c', 'od -tx1 -N16', 'od -td2 -An', 'od -to4 -v', 'hexdump -C' if self.kind == 'busybox' else 'od -Ax -tx1z',
            'base64 -w 20', 'base64 | base64 -d', 'gzip -9 | gzip -dc | wc -c', 'gzip | zcat', 'cksum', 'md5sum', 'sha256sum', 'sha512sum', 'tee /tmp/t | wc -l; wc -c </tmp/t',
            'cat -n', 'cat -vet', 'cat -s', 'xxd | head -n 2' if self.kind == 'busybox' else 'base32', 'split -b 9 - /tmp/p; ls /tmp; cat /tmp/paa', 'comm -12 - /etc/hosts',
            'uniq -c', 'uniq -d', 'uniq -u', 'tee /dev/null', 'dd bs=3 count=4 2>/dev/null', 'dd bs=1 skip=2 2>/dev/null', 'dd conv=ucase 2>/dev/null' if self.kind != 'busybox' else 'cat',
            'tr "\\n" "\\0" | xargs -0 -n2 echo', 'sum' if self.kind != 'busybox' else 'cat', 'csplit -s - 2; ls' if self.kind != 'busybox' else 'cat', 'shuf -n0', 'strings' if self.kind == 'busybox' else 'cat',
            'factor 2>&1 | head -n 2' if self.kind != 'busybox' else 'cat', 'numfmt --to=iec 2>/dev/null | head -n 1' if self.kind != 'busybox' else 'cat', 'fmt -w 20' if self.kind != 'busybox' else 'cat',
            'join - /etc/hosts 2>/dev/null', 'pr -t -2 -w 40' if self.kind != 'busybox' else 'cat', 'tsort 2>/dev/null' if self.kind != 'busybox' else 'cat', 'unexpand -a', 'ptx' if self.kind == 'none' else 'cat')

    def sort(self):
        return self.one('sort -n', 'sort -rn', 'sort -u', 'sort -k2', 'sort -t: -k2n', 'sort -k2,2r -k1,1', 'sort -f', 'sort -c 2>/dev/null; echo $?', 'sort -o /tmp/o; cat /tmp/o',
                        'sort -s -k1,1', 'sort -z', 'sort -b -k1.2', 'sort | uniq -c | sort -rn', 'sort -h' if self.kind != 'none' else 'sort', 'sort -V', 'sort -M' if self.kind != 'none' else 'sort', 'sort -d')

    def each(self):
        return self.one(f'xargs echo {self.word()}', f'xargs -n{self.r.randint(1, 3)}', "xargs -I{} echo '({})'", "xargs -n1 sh -c 'echo $0 $#'", 'xargs -L2 echo',
                        'while read a b; do echo "$b/$a"; done', 'while IFS=: read -r a b c; do printf "%s|%s\\n" "$c" "$a"; done', 'while read l; do [ ${#l} -gt 4 ] && echo "$l"; done',
                        f'while read l; do case $l in *{self.letter()}*) echo "+$l";; [0-9]*) echo "#$l";; *) echo -n .;; esac; done; echo', 'xargs -r -t echo 2>&1', 'xargs false; echo $?',
                        'while read l; do i=$((i+1)); done; echo "i=$i"', '{ read a; read b; echo "$b $a"; cat; }', '(read x; echo "[$x]"; wc -l)')

    def filter(self):
        return self.one(self.grep, self.sed, self.awk, self.column, self.column, self.sort, self.each)

    def pipe(self):
        return ' | '.join([self.piped()] + [self.filter() for _ in range(self.r.randint(1, 3))])

    # subjects
    def language(self):
        w, n = self.word(), self.number()
        v = f'{self.word()}/{self.word()}.{self.word()}'
        return self.one(
            f'x={v}; echo "${{x%%/*}} ${{x##*.}} ${{x#{v[0]}}} ${{x%?}} ${{#x}} ${{x:+set}} ${{nope-{w}}}"', f'set -- {self.words()}; echo $# "$@" "$*"; shift; echo "$1" ${{2:-no}}',
            f'i=0; while [ $i -lt {self.r.randint(2, 6)} ]; do i=$((i + 1)); [ $i = 2 ] && continue; echo $i; done; until [ $i -le 0 ]; do i=$((i-1)); done; echo $i',
            f'for f in {self.words()}; do case $f in {self.letter()}*|*{self.letter()}) echo "$f y";; ??) echo two;; *) echo "$f n";; esac; done',
            f'f() {{ local a=$1; echo "$a $#"; return {self.r.randint(0, 9)}; }}; f {w} 2; echo $?; a={n}; f 1; echo $a',
            f'echo $(({n} + {self.number()} * {self.number(99)})) $(({n} % {self.number(50)})) $((-{n} / {self.number(9)})) $((0x1f & {n})) $((010 + 1)) $(({n} > 5 ? 1 : 2)) $((~{n})) $((1 << {self.r.randint(0, 40)}))',
            f'x={n}; : $((x += 3)) $((x *= 2)); echo $x $((x > 4 && x < 9)) $((!x)) $((x ^ 255))', f'cat <<E | tr a-z A-Z\n{w} $(({n}+1)) ${{x-{w}}}\n`echo {w}` \\$y\nE',
            f'cat <<-\'E\'\n\t{w}\n\t\t$x {n}\n\tE\n', f'x="$(echo {w}; echo; echo {n}; echo)"; echo "[$x]" | od -c', f"echo '{w}' \"{w}\" {w}\\ {n} \"a\\\"b\" 'c'\\''d' \"\\$x\" $'t\\tb'",
            f'IFS=,; set -- {w},{n},x; echo $#; x="a,b c,,d"; for i in $x; do echo "<$i>"; done; unset IFS', f'eval "v{n}={w}; echo \\$v{n}"; set -f; echo /etc/pass*; set +f; echo /etc/pass*d',
            f'printf "%s-%d|%5s|%-6s|%x|%o|%c|%05.1f|%e\\n" {w} {n} ab cd {n} 8 xyz 3.14159 {n}', f'printf "%b" "a\\tb\\n"; printf "%s\\n" a b c; printf "%d %d\\n" 1 2 3; printf "%%%s\\n" {w}; printf "%q\\n" 2>/dev/null',
            f'trap "echo T{w}" EXIT; trap "echo int" INT; kill -INT $$; echo after; exit {self.r.randint(0, 255)}', f'(trap "echo sub" EXIT; exit {self.r.randint(0, 9)}); echo $?; trap',
            f'set -e; (false; echo a); echo never', f'set -u; (echo $nope{w}) 2>/dev/null; echo $?', f'set -x; echo {w} 2>/dev/null; set +x; echo $-', f'readonly R={w}; (R=2) 2>/dev/null || echo ro $R; export E={n}; sh -c \'echo $E\'',
            f'test {n} -gt {self.number()} && echo gt || echo le; [ -n "$x" -o "{w}" = {w} ] && echo or; [ ! -e /nosuch ] && echo not; [ {w} \\< {self.word()} ] && echo less', f'! true; echo $?; true && ! false; echo $?; false || true; echo $?',
            f'alias q="echo {w}"; alias q; unalias q; type echo cd if 2>&1; command -v cat sh', f'getopts a:b:c o -a {w} -c; echo $o $OPTARG $OPTIND; getopts xy o -z 2>/dev/null; echo $o',
            f'echo a\\\nb; echo "a\\\nb"; echo "${{x:-a b}}" ${{y:=c d}} "$y"', f'for i in 1 2 3; do for j in a b; do [ $i$j = 2b ] && break 2; echo $i$j; done; done', f'while :; do read -r l || break; echo "$l"; done <<E\nx {w}\ny\\{n}\nE\n',
            f'exec 3>/tmp/e; echo {w} >&3; exec 3>&-; exec 4</tmp/e; read l <&4; echo $l; cat /tmp/e', f'a() {{ b "$@"; }}; b() {{ echo "$#:$2"; }}; a "x y" {n}; unset -f b; b 2>/dev/null; echo $?', f'x=1; (x=2; echo $x); {{ x=3; }}; echo $x; x=4 true; echo $x',
            f'hash -r; umask; umask 027; umask -S; ulimit -c', f'echo {w} >/tmp/s; . /tmp/nosuch 2>/dev/null || echo no; echo $?', f"sh -c 'echo $0 $1 $#' {w} {n}; sh -c 'shift 5' 2>/dev/null; echo $?", f'wait; times >/dev/null; : >/tmp/n; [ -s /tmp/n ] || echo empty')

    def bash(self):
        w, n = self.word(), self.number()
        return self.one(
            f'a=({self.words()}); echo ${{#a[@]}} "${{a[@]:1:2}}" ${{a[-1]}} ${{!a[@]}}; a+=({w}); a[9]=z; echo "${{a[*]}}"; unset "a[0]"; echo ${{#a[@]}}', f'declare -A m; m[{w}]={n}; m[b]=2; echo ${{#m[@]}} ${{m[{w}]}} ${{m[zz]-none}}; declare -p m | wc -w',
            f'x={w}{n}; echo ${{x:2}} ${{x:0:2}} ${{x^^}} ${{x^}} ${{x//[aeiou]/_}} ${{x/%?/!}} ${{x: -2}} ${{x@Q}} ${{x@U}}', f'for ((i=0; i<{self.r.randint(2, 6)}; i+=2)); do echo -n "$i "; done; echo; echo {{1..4}} {{a,{w}}}-{{x..z}} {{01..10..3}}',
            f'[[ {w} == {self.letter()}* ]] && echo m; [[ {n} =~ ^([0-9])(.*)$ ]] && echo "${{BASH_REMATCH[@]}}"; [[ -f /etc/passwd && ! -d /nosuch ]]; echo $?; [[ a < b ]]; echo $?', f'read -a r <<< "{self.words()}"; echo ${{#r[@]}} ${{r[0]}}; mapfile -t l < <(seq 3); echo ${{l[@]}}; IFS=: read -r a b <<< x:y:z; echo $b',
            f'printf -v s "%03d-%s" {self.number(999)} {w}; echo $s; printf "%q " "a b" \'c$d\'; printf "%(%Y)T\\n" 0; printf "%s|" "${{@:2}}"; echo', f'f() {{ local -i i=3+4; echo $i ${{FUNCNAME[0]}} $#; }}; f a b; declare -i k={n}; k+=5; echo $k; let "j = k % 7"; echo $j; ((j++)); echo $?',
            f'diff <(printf "%s\\n" {self.words()}) <(printf "%s\\n" {self.words()}) | head -n 3; echo ${{PIPESTATUS[@]}}', f'true | false | (exit {self.r.randint(2, 9)}); echo "${{PIPESTATUS[*]}}"; set -o pipefail; false | true; echo $?', f'shopt -s extglob nullglob; case {w} in !(x*)) echo no-x;; esac; echo /nosuch*; x={w}; echo ${{x##+([a-m])}}',
            f'coproc C {{ read l; echo "got $l"; }}; echo {w} >&${{C[1]}}; read r <&${{C[0]}}; echo $r; wait', f'trap \'echo ERR $?\' ERR; false; trap \'echo DBG\' DEBUG; : ; trap - DEBUG; (exit 4); echo end', f'x={w}; y=x; echo ${{!y}}; declare -n z=x; z={n}; echo $x; declare -r q=1; declare -p q; typeset -u U={w}; echo $U',
            f'select s in a b; do echo $s; break; done <<< 1 2>/dev/null; case a in a) echo 1;;& *) echo 2;; esac; time -p true 2>/dev/null; echo $BASH_SUBSHELL $(echo $BASH_SUBSHELL) $SHLVL', f'exec {{fd}}>/tmp/q; echo {w} >&$fd; exec {{fd}}>&-; cat /tmp/q; cat <<< "$(</tmp/q)"; echo {w} &>/tmp/r; cat /tmp/r; ls /nosuch |& wc -l',
            f'echo $((2#101 + 16#ff + 36#z)) $((2**10)) $((5,6)); printf "%d\\n" "\'A" 0x1F; echo $\'\\x41\\u0042\\101\\n\'; echo ${{#PATH}} | wc -l', f'compgen -A builtin | head -n 3; type -a echo | head -n 1; enable -n echo; echo {w}; help : | head -n 1; caller; echo ${{BASH_VERSINFO[0]}} $BASH_COMMAND', f'jobs; sleep 0.2 & jobs -p | wc -l; wait -n; echo $?; disown -a; sleep 0.1 & wait %1; echo $?; pushd /tmp >/dev/null; dirs; popd')

    def files(self):
        d, w = self.path(), self.word()
        return self.one(
            f'mkdir -p {d}/a/b {d}/c; touch {d}/a/x {d}/c/y; ls -R {d}; find {d} -type f | sort; find {d} -name "[ax]*" | sort; rmdir {d}/c 2>&1; rm -rf {d}; ls -d {d} 2>/dev/null; echo $?', f'echo {w} >{d}; cp -p {d} {d}.2; cmp {d} {d}.2; echo $?; echo x >>{d}; cmp -s {d} {d}.2; echo $?; diff {d} {d}.2; mv {d} {d}.2; cat {d}.2',
            f'touch {d}; chmod {self.one("644", "0", "u=rw,go=", "a+x", "-w", "2755", "1777")} {d}; ls -l {d} | cut -c1-10; cat {d} 2>&1; echo a 2>/dev/null >{d}; echo $?', f'ln -s {d} {d}.l; ln -s {d}.l {d}.m; readlink {d}.m; readlink -f {d}.m; cat {d}.m 2>&1; echo q >{d}.m; cat {d}; ls -l {d}.l | cut -c1-10; rm {d}.l; ls {d}.m 2>/dev/null; echo $?',
            f'ln -s {d}.b {d}.a; ln -s {d}.a {d}.b; cat {d}.a 2>&1; [ -L {d}.a ] && echo link; [ -e {d}.a ] || echo gone; cd {d}.a 2>/dev/null || echo no', f'echo {w} >{d}; ln {d} {d}.h; stat -c "%h %s %F %a" {d} {d}.h; rm {d}; cat {d}.h; stat -c %h {d}.h', f'mkdir {d}; cd {d}; touch .h a b; ls; ls -A; ls -a; ls -1r; echo *; echo .[a-z]*; ls -p; cd ..; rm -r {d}',
            f'mkdir {d}; for i in {self.words()}; do echo $i >{d}/$i; done; cat {d}/* | sort; tar cf {d}.tar -C {d} .; tar tf {d}.tar | sort; mkdir {d}/o; tar xf {d}.tar -C {d}/o; ls {d}/o; wc -c {d}/o/*', f'touch -d "2020-01-02 03:04:05 UTC" {d}; stat -c %Y {d}; date -u -r {d}; touch {d}.n; [ {d}.n -nt {d} ] && echo newer; find /tmp -newer {d} -type f | wc -l; touch -t 202102030405 {d}; date -u -r {d} +%F',
            f'mkfifo {d}; (echo {w}; echo 2) >{d} & cat {d}; wait; [ -p {d} ] && echo pipe; ls -l {d} | cut -c1-4; rm {d}', f'mkfifo {d}; read x <{d} & echo {w} >{d}; wait; exec 3<>{d}; echo z >&3; read y <&3; echo $y', f'dd if=/dev/zero of={d} bs={self.r.randint(1, 64)} count=3 seek=1 2>/dev/null; wc -c {d}; od -An -tx1 {d} | head -n 2; truncate -s 5 {d}; wc -c <{d}', f'umask {self.one("0", "022", "077", "0137")}; mkdir {d}; touch {d}/f; stat -c "%a %n" {d} {d}/f; mkdir -m 711 {d}/g; stat -c %A {d}/g',
            f'cd /nosuch 2>/dev/null; echo $?; cd /etc/passwd 2>/dev/null; echo $?; cd /root 2>/dev/null; echo $?; pwd; cd /tmp; mkdir -p {w}/b; cd {w}/b; cd ../..; pwd; cd -; echo $OLDPWD; pwd -P', f'cp /etc/passwd {d}; chmod 400 {d}; echo x 2>/dev/null >>{d}; echo $?; rm -f {d}; ls {d} 2>&1; cp /etc/shadow {d} 2>&1; cp -r /etc/nosuch {d} 2>&1; echo $?', f'rm /etc/passwd 2>&1 </dev/null; mkdir /x 2>&1; touch /etc/z 2>&1; echo x 2>/dev/null >/etc/z || echo denied; mv /etc/hosts /tmp 2>&1; ls /root 2>&1; echo $?; chmod 777 /tmp 2>&1; rmdir /tmp 2>&1; mkdir /tmp 2>&1; ln /etc/passwd /tmp/l 2>&1',
            f'find /etc -maxdepth 1 -type f -name "*s" | sort; find /etc -maxdepth 1 -type d -perm -005 | wc -l; find /nosuch 2>/dev/null; echo $?; find /etc/passwd -size -9 -exec wc -l {{}} \\; ; find /etc -maxdepth 1 -name "host*" -print0 | xargs -0 ls -d', f'find /usr/bin/ -maxdepth 1 -perm -4000 2>/dev/null | sort | head -n 4; find / -xdev -maxdepth 1 -type d 2>/dev/null | sort; find /tmp -mindepth 1 | sort; find /etc -maxdepth 1 -user root -newer /etc/passwd | wc -l | wc -l', f'mktemp {d}.XXXXXX | cut -c1-{len(d) + 1}; mktemp -d | cut -c1-5; mktemp -u /nosuch/XXXXXX >/dev/null; echo $?; basename {d}.c .c; dirname {d}; dirname x; basename /',
            f'gzip -c /etc/passwd >{d}.gz; zcat {d}.gz | cmp - /etc/passwd && echo same; gunzip -t {d}.gz; echo $?; echo {w} | gzip >{d}2.gz; gunzip {d}2.gz; cat {d}2; echo bad | gunzip 2>/dev/null; echo $?', f'echo {w} >{d}; test -r {d} -a -w {d}; echo $?; test -x {d}; echo $?; test {d} -ef {d}; echo $?; [ -f {d} ]; [ -O {d} ]; echo $?; [ -G {d} ]; echo $?; [ -S {d} ]; echo $?; [ -b /dev/null ]; echo $?; [ -c /dev/null ]; echo $?', f'install -m 750 /etc/hosts {d}; stat -c %a {d}; cp -a {d} {d}b; ls -n {d}b | cut -d" " -f3,4; rm -i {d} </dev/null 2>/dev/null; ls {d}; unlink {d}; ls {d} 2>/dev/null || echo unlinked; sync; realpath /usr/../etc/./hosts',
            f'printf "#!/bin/sh\\necho \\$0 \\$# \\$1\\n" >{d}; {d} 2>/dev/null; echo $?; chmod +x {d}; {d} a b; PATH=/tmp:$PATH; {d[5:]} c; printf "#!/nosuch\\n" >{d}n; chmod +x {d}n; {d}n 2>/dev/null; echo $?; printf "#! /bin/cat -n\\nline\\n" >{d}c; chmod +x {d}c; {d}c', f'mkdir -p {d}/e; mv {d} {d}/e 2>&1; mv {d}/e {d}/f; ls {d}; touch {d}/g; mv {d}/f {d}/g 2>&1; mv {d}/g {d}/f; ls {d}/f; mkdir {d}/h; mv -n {d}/f/g {d}/h; mv {d}/h {d}/f 2>&1; ls -R {d}', f'exec 5<>{d}; echo abcdef >&5; cat {d}; exec 6<{d}; dd bs=2 count=1 <&6 2>/dev/null; cat <&6; echo more >>{d}; cat <&6; exec 5>&- 6<&-; rm {d}; echo $?', f'cat /etc/hosts - </dev/null | wc -l; cat nosuch /etc/hosts 2>&1 | head -n 1; cat </nosuch 2>/dev/null; echo $?; echo x >/tmp/nosuch/y 2>/dev/null; echo $?; cat /tmp 2>&1; echo a >/tmp 2>/dev/null; echo $?')

    def processes(self):
        w, n = self.word(), self.r.randint(0, 255)
        return self.one(
            f'(exit {n}); echo $?; sh -c "exit {n}" & wait $!; echo $?; {{ sleep 0.1; exit {n % 9}; }} & p=$!; wait $p; echo $?; wait 99999 2>/dev/null; echo $?', f'sleep 9 & kill $!; wait $! 2>/dev/null; echo $?; sleep 9 & kill -{self.one("KILL", "HUP", "USR1", "PIPE", "ALRM", "9", "14")} $!; wait $! 2>/dev/null; echo $?',
            f'trap "echo got {w}" {self.one("USR1", "HUP", "TERM", "USR2", "ALRM", "WINCH", "CHLD" if self.kind == "none" else "USR1")}; for s in USR1 HUP TERM; do (trap "" $s; kill -$s $$ 2>/dev/null); done; echo end' if self.r.random() < .2 else f'trap "echo got {w}" USR1; kill -USR1 $$; (sleep 0.1; kill -USR1 $$; sleep 0.1) & wait; echo w$?; wait; echo {w}', f'kill -{self.one("TERM", "HUP", "9", "USR1")} $$; echo not reached', f'(kill -TERM $$; sleep 1); echo no', f'echo a | (kill -TERM $$; cat); echo b', f'sh -c \'kill -{self.one("TERM", "KILL", "SEGV", "ABRT", "INT")} $$\' 2>/dev/null; echo $?',
            f'for i in 3 1 2; do (sleep 0.$i; echo $i) & done; wait; echo all', f'(sleep 0.2; echo late) & (sleep 0.1; echo early) & wait; echo {w} | cat & wait', f'timeout 0.2 sleep 5; echo $?; timeout 5 sh -c "exit {n}"; echo $?; timeout -s KILL 0.1 sleep 5; echo $?; timeout 1 yes 2>/dev/null | head -n 1', f'yes {w} | head -n {self.r.randint(1, 9)} | wc -l; seq 100000 | head -n 2; cat /dev/zero | head -c {n} | wc -c; (trap "" PIPE; seq 99999 2>/dev/null) | head -n 1', f'nohup sh -c "echo {w}" 2>/dev/null; nice -n 5 true; env -i A={w} sh -c \'echo $A $B\'; env A=1 printenv A; env -u PATH /bin/sh -c \'echo ok\'',
            f'(echo out; echo err >&2) 2>&1 >/dev/null; (echo out; echo err >&2) 2>/dev/null; {{ echo a; echo b >&2; }} 2>&1 | sort; (echo x >&3) 3>&1; echo y 3>&1 >&2 2>&3 | cat', f'x=$(sleep 0.1 & echo {w}); echo $x; x=`echo a; exit {n % 50}`; echo $? $x; y=$(exit 3) || echo "rc $?"; echo $(echo $(echo {w}))', f'set -m 2>/dev/null; sleep 5 & kill -STOP $!; kill -CONT $!; kill $!; wait $! 2>/dev/null; echo $?' , f'sleep 3 & p=$!; kill -0 $p && echo alive; kill $p; wait $p 2>/dev/null; kill -0 $p 2>/dev/null || echo dead; kill -l 9 15; kill -s 0 $$; echo $?; kill -99 $$ 2>/dev/null; echo $?', f'exec 3>&1; (echo sub >&3) | cat >/dev/null; exec sh -c "echo replaced {w}; exit {n % 100}"; echo never', f'f() {{ sleep 0.$1; echo done $1; }}; f 1 & f 2; wait; echo $(jobs | wc -l)', f'a=1; a=2 sh -c \'echo $a\'; echo $a; export a; sh -c \'a=3; echo $a\'; echo $a; echo ${{PPID:+set}} $(sh -c \'echo $PPID\' | grep -c .)', f'nosuch{w} 2>/dev/null; echo $?; /etc/passwd 2>/dev/null; echo $?; /tmp 2>/dev/null; echo $?; ./nosuch 2>/dev/null; echo $?; command nosuch 2>/dev/null; echo $?; exec /nosuch 2>/dev/null; echo not',
            f'echo "echo {w} \\$1; exit {n % 40}" >/tmp/s; sh /tmp/s a; echo $?; sh -s b </tmp/s; echo $?; cat /tmp/s | sh; sh -e -c "false; echo no"; echo $?; sh -n -c "if"; echo "rc $?"', f'trap "echo exit" EXIT; trap "echo term; exit 3" TERM; sh -c "kill -TERM $$"; sleep 1; echo no', f'(trap "echo c; exit 4" TERM; while :; do sleep 0.1; done) & sleep 0.3; kill $!; wait $!; echo $?', f'read x <<E\n{w}\nE\necho $x; read -r a b <<E\n1 2 3\nE\necho "$b"; echo q | read z; echo "[$z]"; read -t 1 x </dev/null; echo $?')

    def system(self):
        w = self.word()
        return self.one(
            'id -u; id -gn; id -G; whoami; groups; logname 2>/dev/null; echo $?; test "$(id -u)" = 0 && echo root || echo user', 'cat /proc/self/comm; tr "\\0" "\\n" </proc/self/cmdline; head -n 1 /proc/self/status; grep -c . /proc/self/mounts >/dev/null; ls -l /proc/self/cwd | grep -o "/[a-z/]*$"; readlink /proc/self/exe | grep -c /',
            f'A={w} env -i A={w} cat /proc/self/environ | tr "\\0" "\\n"; ls /proc/self/fd | wc -l; cut -d" " -f2 /proc/self/stat; sed -n "s/^Uid:.//p;s/^Gid:.//p" /proc/self/status; cat /proc/$$/comm', 'cat /proc/sys/kernel/ostype; cut -d. -f1 /proc/sys/kernel/osrelease | grep -c .; [ -d /proc/1 ] && echo init; ls /proc/self/ | grep -c -x -e status -e maps -e fd -e environ -e limits -e stat; [ -r /proc/meminfo ]; echo $?; grep -c ^processor /proc/cpuinfo | wc -l',
            f'echo {w} >/dev/null; cat /dev/null | wc -c; head -c 3 /dev/zero | od -An -tx1; echo x 2>/dev/null >/dev/full; echo $?; head -c 8 /dev/urandom | wc -c; echo {w} >/dev/stdout; echo {w} | cat /dev/stdin; echo {w} | cat /dev/fd/0; ls -l /dev/null | cut -c1-10; [ -c /dev/urandom ] && echo char', 'tty; echo $?; [ -t 0 ] || echo no tty; stty 2>/dev/null; echo $?; (: </dev/tty) 2>/dev/null; echo $?; stty -a </dev/null 2>/dev/null; echo $?', f'date -u -d @{self.number(2000000000)}; date -u -d @{self.number(99999999)} +"%Y-%m-%d %H:%M:%S %j %a %b %e %p %I %u %U"; date -u -d "2024-02-29 12:34:56" +%s; TZ=UTC0 date -d @0 +%c 2>/dev/null',
            f'expr {self.number()} + {self.number()}; expr {w} : "\\(..\\)"; expr length {w}; expr substr {w} 1 2; expr index {w} aeiou; expr 3 \\> 2 \\& 1; expr 0; echo $?; expr a = b; expr 7 / 0 2>/dev/null; echo $?', 'seq 3; seq -s, 5; seq -w 8 11; seq 5 -2 1; seq 0 0.5 2; seq 1 0; echo $?', f'uname -s; uname -m; hostname >/dev/null; echo $?; nproc >/dev/null; arch 2>/dev/null | head -c 3; true; false; echo $?; sleep 0; usleep 1 2>/dev/null; printenv NOPE; echo $?; which sh | grep -c sh; yes | head -c 4', f'du -s /etc/passwd >/dev/null; echo $?; free >/dev/null 2>&1; echo $?; ps >/dev/null 2>&1; echo $?; stat -f / >/dev/null; echo $?; mount >/dev/null 2>&1; uptime >/dev/null; echo $?', f'su root -c id </dev/null 2>/dev/null; echo $?; chown root /tmp 2>/dev/null; echo $?; chroot / id 2>/dev/null; echo $?; kill 1 2>/dev/null; echo $?; mknod /tmp/b b 1 1 2>/dev/null; echo $?; mount -t tmpfs x /mnt 2>/dev/null; echo $?; nice -n -5 true 2>/dev/null; echo $?; ulimit -n 5000000 2>/dev/null || echo limit', f'cal 2 2024 2>/dev/null; factor {self.number(99999)}; echo $(( {self.number(99)} ** 2 )) 2>/dev/null' if self.kind == 'busybox' else f'factor {self.number(999999)}; basename {w}.{w} .{w}; pathchk /tmp/{w}; echo $?; truncate -s 3 /tmp/{w}; stat -c %s /tmp/{w}; nl -s: /etc/hosts | head -n 2; tac /etc/hosts | head -n 1')

    def network(self):
        w = self.word()
        return self.one(
            f'cat </dev/tcp/127.0.0.1/9 2>/dev/null; echo $?' if self.kind == 'bash' else f'nc 127.0.0.1 9 </dev/null 2>/dev/null; echo {w} $?' if self.kind == 'busybox' else f'wget -q -O- http://127.0.0.1:9/{w} 2>/dev/null; echo $?', 'ping -c1 -w1 127.0.0.1 >/dev/null 2>&1; echo p', f'grep -c . /etc/hosts; grep -w {self.one("http", "ssh", "smtp")} /etc/services 2>/dev/null | head -n 2; cat /etc/protocols 2>/dev/null | head -n 3', f'curl -s http://127.0.0.1:1/{w}; echo $?; curl -s file:///etc/hostname | wc -l; curl -s nosuch://x; echo $?' if self.kind != 'busybox' else 'nc -w1 127.0.0.1 1 </dev/null 2>/dev/null; echo $?')

    def perl(self):
        w, n = self.word(), self.number()
        return self.one(
            f"perl -e 'print join(\",\", map {{ $_ * 2 }} grep {{ $_ % 2 }} 1..{self.r.randint(3, 9)}), \"\\n\"; printf \"%s %05d %.3f\\n\", \"{w}\", {n}, {n}/7'", f"printf '%s\\n' {self.words()} | perl -ne 'chomp; print scalar reverse, \"\\n\" if /[{self.letter()}{self.letter()}]/'", f"perl -le '@a = sort {{ $b cmp $a }} qw({self.words()}); print \"@a\"; $h{{$_}}++ for split //, \"{w}\"; print join \" \", map {{ \"$_=$h{{$_}}\" }} sort keys %h'",
            f"perl -e 'if (my $p = fork) {{ waitpid $p, 0; print $? >> 8, \"\\n\" }} else {{ exit {self.r.randint(0, 200)} }}; pipe R, W; if (!fork) {{ close R; print W \"{w}\\n\"; exit }} close W; print <R>; wait; print $?, \"\\n\"'", f"perl -e '$SIG{{ALRM}} = sub {{ die \"alarm\\n\" }}; eval {{ alarm 1; select undef, undef, undef, 5 }}; print $@; $SIG{{USR1}} = sub {{ print \"usr1 @_\\n\" }}; kill USR1 => $$; print \"{w}\\n\"'", f"perl -e 'open F, \">\", \"/tmp/{w}\"; print F \"a\\nb\\n\"; close F; open F, \"/tmp/{w}\"; @l = <F>; print scalar @l, -s \"/tmp/{w}\", \"\\n\"; unlink \"/tmp/{w}\"; print -e \"/tmp/{w}\" ? 1 : 0, \"$!\\n\"; mkdir \"/etc/{w}\" or print \"$!\\n\"; print join(\",\", (stat \"/etc/passwd\")[2,4,5]), \"\\n\"'", f"perl -e 'print system(\"exit 3\") >> 8, `echo {w}`, $? , qx(id -u); exec \"echo\", \"done {n}\"'", f"perl -MSocket -e 'socketpair(A, B, AF_UNIX, SOCK_STREAM, 0) or die $!; syswrite A, \"{w}\\n\"; sysread B, $x, 99; print $x; socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(0, INADDR_LOOPBACK)); listen S, 5; ($p) = sockaddr_in(getsockname S); if (!fork) {{ socket(C, PF_INET, SOCK_STREAM, 0); connect C, sockaddr_in($p, INADDR_LOOPBACK); syswrite C, \"{w}{n}\\n\"; exit }} accept D, S; print <D>; wait; print \"$?\\n\"'",
            f"perl -e 'print sprintf(\"%b %o %X\", {n}, {n}, {n}), \" \", lc(\"{w.upper()}\"), \" \", ucfirst(\"{w}\"), \" \", length(\"{w}\" x 3), \" \", unpack(\"H*\", pack(\"N\", {n})), \"\\n\"; local $, = \"-\"; print split(/[aeiou]/, \"{w}\"); print \"\\n\", gmtime({n}).\"\", \"\\n\"; die \"x\" if 0; exit {self.r.randint(0, 99)}'")

    def base(self):
        subjects = [self.pipe, self.pipe, self.pipe, self.language, self.language, self.files, self.files, self.processes, self.processes, self.system, self.network]
        if self.kind == 'bash':
            subjects += [self.bash, self.bash, self.bash]
        if self.kind != 'busybox':
            subjects.append(self.perl)
        return self.one(*subjects)

    def command(self):
        base = self.base()
        if not base.endswith('\n'):
            base += '\n'
        return self.one(
            base, base, base, base, base, base, lambda: f'(\n{base}) 2>&1 | sed "s/line [0-9]*/line N/"', lambda: f'x=$(\n{base}); echo "$? $x" | cksum', lambda: f'f() {{\n{base}}}\nf {self.word()}; echo "rc $?"',
            lambda: f'if {self.one("true", "false", "[ -d /tmp ]")}; then\n{base}else\n{self.base()}\nfi', lambda: f'for z in 1 2; do\n{base}done', lambda: f'{{\n{base}}} | {self.filter()}', lambda: f'(\n{base}) & wait; echo w$?', lambda: base + self.base())
