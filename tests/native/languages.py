# SPDX-License-Identifier: GPL-2.0-or-later
"""PHP, Python and Perl one-liners made by chance: what attack code is made of, with constants that nobody knows before."""
from grammar import Words


class Code(Words):
    def text(self):
        return ' '.join(self.word() for _ in range(self.r.randint(1, 4)))

    def numbers(self):
        return [self.number(100000) for _ in range(self.r.randint(2, 7))]

    def shell(self):
        """A command whose output hangs on nothing but itself."""
        return self.one(f'echo {self.text()}', f'expr {self.number()} + {self.number()}', f'echo {self.word()} | rev', 'id -u',
                        f'printf %05d {self.number()}', f'echo {self.word()} | base64', f'seq {self.number(5)} {self.number(9)}',
                        'cat /etc/hostname', f'echo {self.word()} | md5sum', f'head -n {self.number(4)} /etc/passwd', f'echo {self.word()} 1>&2',
                        f'nosuch{self.word()}', f'test -d /{self.word()}; echo $?', f'false; exit {self.number(9)}')


class Php(Code):
    def value(self, depth=0):
        more = (lambda: self.value(depth + 1)) if depth < 3 else self.number
        s = lambda: f"'{self.text()}'"
        return self.one(
            self.number, s, lambda: f'({more()}.{more()})', lambda: f"md5({more()})", lambda: f'strrev({s()})', lambda: f'({self.number()}*{self.number(97)})',
            lambda: f"strtoupper({s()})", lambda: f'substr({s()},{self.r.randint(0, 4)},{self.r.randint(1, 6)})', lambda: f'base64_encode({more()})',
            lambda: f"base64_decode('{__import__('base64').b64encode(self.text().encode()).decode()}')", lambda: f'str_rot13({s()})',
            lambda: f'implode({s()},[{",".join(self.numbers())}])', lambda: f'crc32({more()})', lambda: f'sha1({more()})', lambda: f'strlen({more()})',
            lambda: f"hash('{self.r.choice(['sha256', 'md5', 'crc32b', 'sha512'])}',{more()})", lambda: f"sprintf('%0{self.r.randint(2, 9)}d|%s|%x',{self.number()},{s()},{self.number()})",
            lambda: f"json_encode(['{self.word()}'=>{self.number()},'{self.word()}'=>{s()}])", lambda: f'bin2hex({s()})', lambda: f'ucwords({s()})',
            lambda: f"preg_replace('/[{self.word()}]+/','{self.word()}',{s()})", lambda: f"str_repeat('{self.word()}',{self.r.randint(1, 5)})",
            lambda: f"gzinflate(gzdeflate({s()}))", lambda: f"strtr({s()},'aeiou','{self.r.sample('bcdfghjk', 5) and 'uoiea'}')", lambda: f'chr({self.r.randint(65, 90)})',
            lambda: f'round({self.number()}/{self.number()},{self.r.randint(0, 6)})', lambda: f'dechex({self.number()})', lambda: f'serialize([{self.number()},{s()}])',
            lambda: f"trim(shell_exec('{self.shell()}')??'')", lambda: f'({self.number()}>{self.number()}?{s()}:{more()})', lambda: f'array_sum([{",".join(self.numbers())}])',
            lambda: f'wordwrap({s()},{self.r.randint(3, 9)},"|",true)', lambda: f"ucfirst(gettype({more()}))", lambda: f'number_format({self.number()}.{self.number()},2)')

    def command(self):
        v, w = self.word(), self.word()
        return self.one(
            lambda: f'echo {self.value()};', lambda: f'print({self.value()});', lambda: f'die({self.value()}."");', lambda: f'print_r([{self.value()},{self.value()}]);',
            lambda: f'var_dump({self.value()});', lambda: f'${v}={self.value()};echo ${v},"-",strlen(${v});', lambda: f'system("{self.shell()}");',
            lambda: f'passthru("{self.shell()}");', lambda: f'exec("{self.shell()}",$o,$r);print_r($o);echo $r;', lambda: f'echo `{self.shell()}`;',
            lambda: f'foreach([{",".join(self.numbers())}] as $k=>$x)echo $k*$x,";";', lambda: f'for($i=0;$i<{self.r.randint(2, 9)};$i++)echo $i**{self.r.randint(2, 5)}," ";',
            lambda: f'function f{v}($a){{return $a<2?1:$a*f{v}($a-1);}}echo f{v}({self.r.randint(3, 20)});', lambda: f'$a=[{",".join(self.numbers())}];sort($a);echo implode(",",$a);',
            lambda: f'file_put_contents("/tmp/{v}",{self.value()});echo file_get_contents("/tmp/{v}"),filesize("/tmp/{v}");unlink("/tmp/{v}");',
            lambda: f'echo file_get_contents("/etc/hostname");', lambda: f'echo substr_count(file_get_contents("/etc/passwd"),"{self.r.choice("aeiou")}");',
            lambda: f'${v}="str"."rev";echo ${v}("{self.text()}");', lambda: f'eval(\'echo {self.number()}+{self.number()};\');', lambda: f'call_user_func("printf","%s-%05d","{w}",{self.number()});',
            lambda: f'try{{throw new Exception("{self.text()}");}}catch(Exception $e){{echo $e->getMessage();}}', lambda: f'class C{v}{{public $x={self.number()};function g(){{return $this->x*2;}}}}echo (new C{v})->g();',
            lambda: f'echo nosuch{v}();', lambda: f'echo $undefined{v},"{w}";', lambda: f'echo intdiv({self.number()},0);', lambda: f'echo "{w}"+1;', lambda: f'$h=popen("{self.shell()}","r");echo fgets($h);pclose($h);',
            lambda: f'echo array_reduce([{",".join(self.numbers())}],fn($c,$i)=>$c^$i,0);', lambda: f'usleep(10);echo getmypid()>0,posix_getuid(),getcwd();',
            lambda: f'parse_str("{v}={w}&a[]={self.number()}",$q);print_r($q);', lambda: f'$p=proc_open("{self.shell()}",[1=>["pipe","w"]],$f);echo stream_get_contents($f[1]);proc_close($p);')


class Python(Code):
    def value(self, depth=0):
        more = (lambda: self.value(depth + 1)) if depth < 3 else (lambda: f'str({self.number()})')
        s = lambda: f"'{self.text()}'"
        return self.one(
            s, lambda: f'str({self.number()}*{self.number()}**{self.r.randint(1, 9)})', lambda: f'({more()}+{more()})', lambda: f'{more()}[::-1]', lambda: f'{s()}.upper()',
            lambda: f"__import__('hashlib').{self.r.choice(['md5', 'sha1', 'sha256'])}({more()}.encode()).hexdigest()", lambda: f"__import__('base64').b64encode({more()}.encode()).decode()",
            lambda: f"','.join(map(str,sorted([{','.join(self.numbers())}])))", lambda: f"'%0{self.r.randint(2, 9)}d|%s'%({self.number()},{s()})", lambda: f'hex({self.number()})',
            lambda: f"{s()}.replace('{self.r.choice('aeiou')}','{self.word()}')", lambda: f'str(len({more()}))', lambda: f"__import__('json').dumps({{'{self.word()}':{self.number()}}})",
            lambda: f"__import__('re').sub('[{self.word()}]+','-',{s()})", lambda: f'repr([x*x for x in range({self.r.randint(2, 9)})])', lambda: f"str({self.number()}/{self.number()})",
            lambda: f"__import__('os').popen('{self.shell()}').read()", lambda: f"__import__('codecs').encode({s()},'rot13')", lambda: f'str({self.number()}//{self.number(99)})',
            lambda: f"f'{{{self.number()}+{self.number()}:>9}}'", lambda: f"'{self.word()}'.center({self.r.randint(9, 20)},'*')", lambda: f"str(sum([{','.join(self.numbers())}]))")

    def command(self):
        v, w = self.word() + '_', self.word()
        return self.one(
            lambda: f'print({self.value()})', lambda: f'{v}={self.value()};print({v},len({v}))', lambda: f"import os;os.system('{self.shell()}')", lambda: f'print(eval("{self.number()}*{self.number()}"))',
            lambda: f"import subprocess;print(subprocess.run('{self.shell()}',shell=True,capture_output=True))", lambda: f"import subprocess;print(subprocess.getstatusoutput('{self.shell()}'))",
            lambda: f'for i in range({self.r.randint(2, 9)}): print(i**{self.r.randint(2, 30)},end=" ")', lambda: f'def f(n):\n return 1 if n<2 else n*f(n-1)\nprint(f({self.r.randint(3, 40)}))',
            lambda: f"open('/tmp/{v}','w').write({self.value()});print(open('/tmp/{v}').read())", lambda: "print(open('/etc/hostname').read())", lambda: f"print(open('/etc/passwd').read().count('{self.r.choice('aeiou')}'))",
            lambda: f'try:\n raise ValueError({self.value()})\nexcept ValueError as e: print("caught",e)', lambda: f'class C:\n def __init__(s): s.x={self.number()}\nprint(C().x*2)', lambda: f'print({w}{v})',
            lambda: f'import sys;sys.stdout.write({self.value()});sys.exit({self.number(99)})', lambda: f"import os;print(os.getuid(),os.getcwd(),sorted(os.listdir('/var/www')))", lambda: f'print({{**{{"{w}":{self.number()}}}}})',
            lambda: f'import struct,zlib;print(zlib.crc32({self.value()}.encode()),struct.pack("<I",{self.number()}))', lambda: f'exec("print({self.number()}^{self.number()})")', lambda: f'print(sorted(set("{self.text()}")))',
            lambda: f"import os;p=os.fork()\nif p==0: os.write(1,b'{w}');os._exit({self.number(9)})\nprint(os.waitpid(p,0)[1])", lambda: f"import threading;t=threading.Thread(target=print,args=({self.value()},));t.start();t.join()",
            lambda: f"import pickle;print(pickle.loads(pickle.dumps([{self.number()},'{w}'])))", lambda: f'print(list(map(lambda x:x*2,[{",".join(self.numbers())}])))', lambda: f"import urllib.parse as u;print(u.quote('{self.text()}/?'),u.unquote('%41{w}'))")


class Perl(Code):
    def value(self, depth=0):
        more = (lambda: self.value(depth + 1)) if depth < 3 else self.number
        s = lambda: f"'{self.text()}'"
        return self.one(
            self.number, s, lambda: f'({more()}.{more()})', lambda: f'scalar(reverse({s()}))', lambda: f'uc({s()})', lambda: f'({self.number()}*{self.number()})', lambda: f'length({more()})',
            lambda: f"join('{self.r.choice(',-|')}',sort{{$a<=>$b}}({','.join(self.numbers())}))", lambda: f"sprintf('%0{self.r.randint(2, 9)}d|%s|%x',{self.number()},{s()},{self.number()})",
            lambda: f"unpack('H*',{s()})", lambda: f"pack('H*','{self.text().encode().hex()}')", lambda: f'substr({s()},{self.r.randint(0, 4)},{self.r.randint(1, 5)})', lambda: f"('{self.word()}' x {self.r.randint(1, 6)})",
            lambda: f'`{self.shell()}`', lambda: f'({self.number()}%{self.number(97)})', lambda: f'({self.number()}>{self.number()}?{s()}:{more()})', lambda: f'ucfirst(lc({s()}))', lambda: f"unpack('%32C*',{s()})",
            lambda: f"join(' ',map{{$_*2}}({','.join(self.numbers())}))", lambda: f'({self.number()}/{self.number()})', lambda: f"pack('u',{s()})")

    def command(self):
        v, w = self.word(), self.word()
        return self.one(
            lambda: f'print {self.value()};', lambda: f'print "{w}",{self.value()},"\\n";', lambda: f'system("{self.shell()}");', lambda: f'${v}={self.value()};print "${v}-",length(${v});', lambda: f'exec("{self.shell()}");',
            lambda: f'for $i (1..{self.r.randint(2, 9)}){{print $i**{self.r.randint(2, 9)}," "}}', lambda: f'sub f{{my$n=shift;$n<2?1:$n*f($n-1)}}print f({self.r.randint(3, 20)});',
            lambda: f'$_="{self.text()}";tr/a-m/n-z/;s/[{w}]/*/g;print;', lambda: f'open F,">/tmp/{v}";print F {self.value()};close F;open F,"/tmp/{v}";print <F>;', lambda: 'open F,"/etc/hostname";print <F>;',
            lambda: f'eval{{die "{w}\\n"}};print "caught $@";', lambda: f'@a=split(/ /,"{self.text()}");print scalar(@a),$a[-1];', lambda: f'%h=("{v}",{self.number()},"{w}",{self.number()});print "$_=$h{{$_}};" for sort keys %h;',
            lambda: f'print "{self.text()}"=~/([{self.r.choice("aeiou")}]\\w+)/?$1:"none";', lambda: f'printf("%s %.3f\\n","{w}",{self.number()}/{self.number()});', lambda: f'print eval("{self.number()}+{self.number()}");',
            lambda: f'open P,"{self.shell()}|";print <P>;close P;print $?>>8;', lambda: f'print "uid $< ",-d "/etc"?"d":"n",-e "/{w}"?"e":"n";', lambda: f'exit {self.number(200)};', lambda: f'print STDERR "{w}";print "{v}";die "x";',
            lambda: f'$p=fork;if(!$p){{syswrite STDOUT,"{w}";exit {self.number(9)}}}waitpid $p,0;print $?>>8;', lambda: f'pipe R,W;if(!fork){{close R;print W "{w}";exit}}close W;print <R>;wait;', lambda: f'print join ",",grep{{$_%2}}({",".join(self.numbers())});')


class Ruby(Code):
    def value(self, depth=0):
        more = (lambda: self.value(depth + 1)) if depth < 3 else (lambda: f'{self.number()}.to_s')
        s = lambda: f"'{self.text()}'"
        return self.one(
            s, lambda: f'({self.number()}*{self.number()}**{self.r.randint(1, 9)}).to_s', lambda: f'({more()}+{more()})', lambda: f'{more()}.reverse', lambda: f'{s()}.upcase', lambda: f'`{self.shell()}`',
            lambda: f"Digest::{self.r.choice(['MD5', 'SHA1', 'SHA256'])}.hexdigest({more()})", lambda: f'Base64.encode64({more()})', lambda: f"[{','.join(self.numbers())}].sort.join(',')",
            lambda: f"'%0{self.r.randint(2, 9)}d|%s'%[{self.number()},{s()}]", lambda: f'{self.number()}.to_s(16)', lambda: f"{s()}.gsub('{self.r.choice('aeiou')}','{self.word()}')", lambda: f'{more()}.length.to_s',
            lambda: f"{{'{self.word()}'=>{self.number()}}}.to_json", lambda: f"{s()}.gsub(/[{self.word()}]+/,'-')", lambda: f'(0...{self.r.randint(2, 9)}).map{{|x|x*x}}.inspect', lambda: f'"#{{{self.number()}+{self.number()}}}"',
            lambda: f'%x({self.shell()})', lambda: f"IO.popen('{self.shell()}').read", lambda: f"'{self.word()}'.center({self.r.randint(9, 20)},'*')", lambda: f"[{','.join(self.numbers())}].sum.to_s", lambda: f'{s()}.unpack("C*").inspect')

    def command(self):
        v, w = self.word() + '_', self.word()
        return self.one(
            lambda: f'print({self.value()})', lambda: f'{v}={self.value()};puts {v},{v}.length', lambda: f"system('{self.shell()}')", lambda: f'puts eval("{self.number()}*{self.number()}")', lambda: f'puts {self.value()}',
            lambda: f"require 'open3';p Open3.capture2e('{self.shell()}')[0]", lambda: f'{self.r.randint(2, 9)}.times{{|i|print i**{self.r.randint(2, 30)}," "}}', lambda: f'def f(n) n<2?1:n*f(n-1) end;puts f({self.r.randint(3, 40)})',
            lambda: f"File.write('/tmp/{v}',{self.value()});print File.read('/tmp/{v}')", lambda: "print File.read('/etc/hostname')", lambda: f"puts File.read('/etc/passwd').count('{self.r.choice('aeiou')}')",
            lambda: f'begin;raise {self.value()};rescue=>e;puts "caught #{{e.message}}";end', lambda: f'class C;def initialize;@x={self.number()};end;def x;@x*2;end;end;puts C.new.x', lambda: f'puts {w}{v}',
            lambda: f'STDOUT.write({self.value()});exit {self.number(99)}', lambda: "p Process.uid,Dir.pwd,Dir.entries('/var/www').sort", lambda: f"p({{'{w}'=>{self.number()},b: nil}})", lambda: f'puts ERB.new("a<%= {self.number()}+1 %>b").result',
            lambda: f"p=fork{{print '{w}';exit!({self.number(9)})}};Process.wait(p);puts $?.exitstatus", lambda: f'Thread.new{{puts {self.value()}}}.join', lambda: f'p Marshal.load(Marshal.dump([{self.number()},"{w}"]))',
            lambda: f'p [{",".join(self.numbers())}].map{{|x|x*2}}.select(&:even?)', lambda: f"puts YAML.load('[{self.number()}, {w}]').inspect", lambda: f'#{{{self.number()}*2}}', lambda: f'case {self.number(4)} when 1 then puts "a" else puts "b" end')


class JavaScript(Code):
    def value(self, depth=0):
        more = (lambda: self.value(depth + 1)) if depth < 3 else (lambda: f'String({self.number()})')
        s = lambda: f"'{self.text()}'"
        return self.one(
            s, lambda: f'String({self.number()}*{self.number()}/{self.number()})', lambda: f'({more()}+{more()})', lambda: f"{more()}.split('').reverse().join('')", lambda: f'{s()}.toUpperCase()', lambda: f'`${{{self.number()}+{self.number()}}}`',
            lambda: f"require('child_process').execSync('{self.shell()}').toString()", lambda: f"require('crypto').createHash('{self.r.choice(['md5', 'sha1', 'sha256'])}').update({more()}).digest('hex')", lambda: f"Buffer.from({more()}).toString('{self.r.choice(['base64', 'hex'])}')",
            lambda: f"[{','.join(self.numbers())}].sort((a,b)=>a-b).join('|')", lambda: f'({self.number()}).toString({self.r.randint(2, 36)})', lambda: f"{s()}.replace(/{self.r.choice('aeiou')}/g,'{self.word()}')", lambda: f'String({more()}.length)',
            lambda: f"JSON.stringify({{{self.word()}:{self.number()},b:[{s()},null,true]}})", lambda: f"{s()}.replace(/[{self.word()}]+/g,m=>m.length)", lambda: f"String.fromCharCode({','.join(str(self.r.randint(33, 126)) for _ in range(4))})", lambda: f'String([1,2,3].map(x=>x*{self.number()}))',
            lambda: f"'{self.word()}'.padStart({self.r.randint(9, 20)},'*')", lambda: f"String([{','.join(self.numbers())}].reduce((a,b)=>a+b))", lambda: f'encodeURIComponent({s()})', lambda: f'String({self.number()}%{self.number()}|{self.number()}^{self.number()})', lambda: f'(function(){{return {more()}}})()',
            lambda: f'String({self.number()}>{self.number()}?{more()}:typeof {more()})', lambda: f'({self.number()}/7).toFixed({self.r.randint(0, 9)})', lambda: f"unescape('%41%u0042{self.word()}')", lambda: f'atob(btoa({s()}))')

    def command(self):
        v, w, o = self.word() + '_', self.word(), 'process.stdout.write'
        return self.one(
            lambda: f'{o}({self.value()})', lambda: f'var {v}={self.value()};{o}({v}+{v}.length)', lambda: f"{o}(require('child_process').spawnSync('/bin/sh',['-c','{self.shell()}']).stdout.toString())", lambda: f'{o}(String(eval("{self.number()}*{self.number()}")))',
            lambda: f"require('child_process').exec('{self.shell()}',(e,a,b)=>{{{o}(a)}})", lambda: f'for(let i=0;i<{self.r.randint(2, 9)};i++){{{o}(String(i**{self.r.randint(2, 9)})+" ")}}', lambda: f'function f(n){{return n<2?1:n*f(n-1)}};{o}(String(f({self.r.randint(3, 40)})))',
            lambda: f"require('fs').writeFileSync('/tmp/{v}',{self.value()});{o}(require('fs').readFileSync('/tmp/{v}','utf8'))", lambda: f"{o}(require('fs').readFileSync('/etc/hostname'))", lambda: f'console.log({self.value()},[{",".join(self.numbers())}],{{{w}:{self.value()}}})',
            lambda: f'try{{throw new Error({self.value()})}}catch(e){{{o}("caught "+e.message)}}finally{{{o}("f")}}', lambda: f'class C{{constructor(){{this.x={self.number()}}}get y(){{return this.x*2}}}};{o}(String(new C().y))', lambda: f'{o}({w}{v})',
            lambda: f'{o}({self.value()});process.exit({self.number(99)})', lambda: f"{o}(process.getuid()+process.cwd()+require('fs').readdirSync('/var/www').sort())", lambda: f'const {{a,...r}}={{a:{self.number()},b:{self.value()}}};{o}(a+JSON.stringify(r))',
            lambda: f'(async()=>{{const x=await Promise.resolve({self.value()});{o}(x)}})()', lambda: f'setTimeout(()=>{o}({self.value()}),{self.number(50)})', lambda: f'{o}(new Function("return "+{self.number()})()+"")', lambda: f'switch({self.number(4)}){{case 1:{o}("a");case 2:{o}("b");break;default:{o}("c")}}',
            lambda: f"[...'{self.text()}'].forEach((c,i)=>{{if(i%2)return;{o}(c)}})", lambda: f'let s="";for(const [k,x] of Object.entries({{a:{self.number()},b:2}}))s+=k+x;{o}(s)', lambda: f'{o}(String([1,[2,[{self.number()}]]].flat(2)))', lambda: f'{o}(require("path").join("/a","..","{w}"))',
            lambda: f'{o}(String(new Set([{",".join(self.numbers())}]).size))', lambda: f'{o}(String(parseInt("{self.number()}x")+parseFloat("{self.number()}.5e1")))')
