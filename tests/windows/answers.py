#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows commands made from a grammar, with the answer known by how they were made: sums, cuts of strings, layers of disguise.

usage: answers.py EMULATED PROFILE [COUNT [SEED]]
Python knows the answer: a sum is computed here too, and what is hidden prints a word that was drawn before it was hidden.
"""
import base64, gzip, random, string, subprocess, sys, zlib

ALPHABET = string.ascii_letters + string.digits + ' .,:-_/'


def word(r, least=3, most=12, alphabet=ALPHABET):
    return ''.join(r.choice(alphabet) for _ in range(r.randint(least, most)))


def quoted(text):
    """A literal string of PowerShell."""
    return "'" + text.replace("'", "''") + "'"


# --- PowerShell: sums -------------------------------------------------------------------------------------------------

def sum_tree(r, depth):
    """(text, value, rank): rank is how tightly its last operator binds; ints stay below 2^31."""
    if depth == 0 or r.random() < 0.2:
        v = r.randint(0, 200)
        return (hex(v) if r.random() < 0.2 else str(v)), v, 9
    op, rank, f = r.choice([
        ('+', 4, lambda a, b: a + b), ('-', 4, lambda a, b: a - b), ('*', 5, lambda a, b: a * b),
        ('-band', 2, lambda a, b: a & b), ('-bor', 2, lambda a, b: a | b), ('-bxor', 2, lambda a, b: a ^ b)])
    left, a, left_rank = sum_tree(r, depth - 1)
    right, b, right_rank = sum_tree(r, depth - 1)
    v = f(a, b)
    if abs(v) >= 1 << 31:
        return left, a, left_rank
    # to the left one of the same rank needs no parentheses, to the right it does
    if left_rank < rank:
        left = f'({left})'
    if right_rank <= rank:
        right = f'({right})'
    blank = ' ' if op[0] == '-' and len(op) > 1 or r.random() < 0.5 else ''
    return f'{left}{blank}{op}{blank}{right}', v, rank


def powershell_sum(r):
    text, value, _ = sum_tree(r, r.randint(1, 4))
    return text, f'{value}\r\n'


# --- PowerShell: strings ----------------------------------------------------------------------------------------------

def cut(r, t, v):
    a = r.randint(0, len(v))
    b = r.randint(0, len(v) - a)
    return f'{t}.Substring({a},{b})', v[a:a + b]


def put_in(r, t, v):
    a, w = r.randint(0, len(v)), word(r)
    return f'{t}.Insert({a},{quoted(w)})', v[:a] + w + v[a:]


def take_out(r, t, v):
    a = r.randint(0, len(v))
    b = r.randint(0, len(v) - a)
    return f'{t}.Remove({a},{b})', v[:a] + v[a + b:]


def swap(r, t, v):
    c = r.choice(v) if v else 'x'
    w = word(r, 0, 3)
    return f'{t}.Replace({quoted(c)},{quoted(w)})', v.replace(c, w)


def joined(r, t, v):
    w = word(r)
    return f'({t}+{quoted(w)})', v + w


def turned(r, t, v):
    if len(v) < 2:
        return t, v
    return f'(-join ({t})[-1..-{len(v)}])', v[::-1]


def padded(r, t, v):
    n, c = r.randint(0, 20), r.choice('*-0')
    left = r.random() < 0.5
    return f"{t}.Pad{'Left' if left else 'Right'}({n},'{c}')", v.rjust(n, c) if left else v.ljust(n, c)


def upper(r, t, v):
    return f'{t}.ToUpper()', v.upper()


def lower(r, t, v):
    return f'{t}.ToLower()', v.lower()


def trimmed(r, t, v):
    return f"(' '+{t}+'  ').Trim()", v.strip(' ')


def parted(r, t, v):
    c = r.choice(',.-')
    return f"(({t} -split '[{c}]') -join '+')", '+'.join(v.split(c))


def formatted(r, t, v):
    w = word(r, alphabet=string.ascii_letters)
    return f"('{{1}}{w}{{0}}' -f {quoted('q')},({t}))", v + w + 'q'


def times(r, t, v):
    n = r.randint(0, 3)
    return f'(({t})*{n})', v * n


STEPS = [cut, put_in, take_out, swap, joined, turned, padded, upper, lower, trimmed, parted, formatted, times]


def powershell_string(r):
    v = word(r)
    t = quoted(v)
    for _ in range(r.randint(1, 5)):
        t, v = r.choice(STEPS)(r, t, v)
        v = v[:400]
        if len(v) == 400:
            break
    else:
        return f'"[$({t})]"', f'[{v}]\r\n'
    return "'x'", 'x\r\n'


# --- PowerShell: disguises; each gives an expression whose value is the code --------------------------------------------

def by_parts(r, code):
    cuts = sorted(r.randint(0, len(code)) for _ in range(r.randint(1, 4)))
    parts = [code[a:b] for a, b in zip([0] + cuts, cuts + [len(code)])]
    return '+'.join(quoted(p) for p in parts)


def by_format(r, code):
    cuts = sorted(r.randint(0, len(code)) for _ in range(r.randint(1, 4)))
    parts = [code[a:b] for a, b in zip([0] + cuts, cuts + [len(code)])]
    order = list(range(len(parts)))
    r.shuffle(order)
    place = {index: at for at, index in enumerate(order)}
    form = ''.join('{%d}' % place[i] for i in range(len(parts)))
    return f"'{form}' -f " + ','.join(quoted(parts[i]) for i in order)


def by_codes(r, code):
    codes = ','.join(str(ord(c)) for c in code)
    return r.choice([f'-join[char[]]({codes})', f"({codes}|%{{[char]$_}})-join''", f"[string]::Join('',({codes}|foreach{{[char]$_}}))"])


def by_chars(r, code):
    if len(code) > 60:
        return by_codes(r, code)
    return '+'.join(f'[char]{ord(c)}' if r.random() < 0.7 else f'[char]0x{ord(c):x}' for c in code) + "+''"


def by_replace(r, code):
    mark = next(m for m in ('~~', 'zQz', '#@#', 'qXq', 'WvW') if m not in code)
    c = r.choice(code)
    hidden = quoted(code.replace(c, mark))
    return f"{hidden}.Replace({quoted(mark)},{quoted(c)})" if r.random() < 0.5 else f"({hidden} -creplace {quoted(mark)},[char]{ord(c)})"


def by_turning(r, code):
    t = quoted(code[::-1])
    return r.choice([f"({t})[-1..-{len(code)}]-join''", f"-join({t}[{len(code) - 1}..0])",
                     f"([regex]::Matches({t},'.','RightToLeft')|%{{$_.Value}})-join''"]) if '\n' not in code else t


def by_base64(r, code):
    name, coding = r.choice([('UTF8', 'utf-8'), ('Unicode', 'utf-16-le'), ('ASCII', 'ascii')])
    return f"[Text.Encoding]::{name}.GetString([Convert]::FromBase64String('{base64.b64encode(code.encode(coding)).decode()}'))"


def by_xor(r, code):
    key = r.randint(1, 127)
    codes = ','.join(str(ord(c) ^ key) for c in code)
    return f"({codes}|%{{[char]($_ -bxor {key})}})-join''"


def by_hex(r, code):
    mark = r.choice(' ,;_')
    return f"('{mark.join('%x' % ord(c) for c in code)}'.Split('{mark}')|%{{[char][convert]::ToInt32($_,16)}})-join''"


def by_deflate(r, code):
    if r.random() < 0.5:
        name, data = 'Gzip', gzip.compress(code.encode())
    else:
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        name, data = 'Deflate', squeeze.compress(code.encode()) + squeeze.flush()
    return (f"(New-Object IO.StreamReader((New-Object IO.Compression.{name}Stream([IO.MemoryStream][Convert]::FromBase64String("
            f"'{base64.b64encode(data).decode()}'),[IO.Compression.CompressionMode]::Decompress)),[Text.Encoding]::ASCII)).ReadToEnd()")


def by_variables(r, code):
    a, b = 'v' + word(r, 2, 6, string.ascii_lowercase), 'w' + word(r, 2, 6, string.ascii_lowercase)
    at = r.randint(0, len(code))
    return f'$(${a}={quoted(code[:at])};${b}={quoted(code[at:])};${a}+${b})'


HIDE = [by_parts, by_format, by_codes, by_chars, by_replace, by_turning, by_base64, by_xor, by_hex, by_deflate, by_variables]


def any_case(r, text):
    return ''.join(r.choice((c.upper(), c.lower())) for c in text)


def called(r, value):
    """A statement that runs the code that an expression is."""
    name = any_case(r, r.choice(['iex', 'invoke-expression']))
    at = r.randint(1, len(name) - 1)
    ticked = name[:at] + ('`' if name[at].lower() not in '0abefnrtuv-' else '') + name[at:]
    return r.choice([f'{name} ({value})', f'{ticked} ({value})', f'({value})|{name}', f"&('{name[:at]}'+'{name[at:]}') ({value})",
                     f".({quoted(name)}) ({value})", f'&(gcm {name}) ({value})', f"&('{{1}}{{0}}'-f'{name[at:]}','{name[:at]}')({value})",
                     f'[scriptblock]::Create(({value})).Invoke()', f'&([scriptblock]::Create(({value})))'])


def powershell_disguise(r):
    answer = word(r, 6, 12, string.ascii_letters + string.digits)
    code = r.choice([f'echo {answer}', f"'{answer}'", f'Write-Output "{answer}"', f"Write-Host '{answer}'"])
    for _ in range(r.randint(1, 4)):
        if len(code) > 1500:
            break
        code = called(r, r.choice(HIDE)(r, code))
    if r.random() < 0.15 and len(code) < 1500:
        option = any_case(r, r.choice(['-e', '-en', '-enc', '-encodedcommand', '-ec', '/e', '-EncodedC']))
        code = (f"powershell{r.choice(['', '.exe'])} {r.choice(['-nop ', '-NoProfile -NonInteractive ', '-w hidden -ep bypass ', ''])}{option} "
                + base64.b64encode(code.encode('utf-16-le')).decode())
    return code, f'{answer}\r\n'


# --- cmd --------------------------------------------------------------------------------------------------------------

def wrapped(v):
    return (v + (1 << 31)) % (1 << 32) - (1 << 31)


def cmd_tree(r, depth):
    if depth == 0 or r.random() < 0.2:
        v = r.randint(0, 100000)
        return (hex(v) if r.random() < 0.2 else str(v)), v
    op, f = r.choice([('+', lambda a, b: a + b), ('-', lambda a, b: a - b), ('*', lambda a, b: a * b), ('&', lambda a, b: a & b),
                      ('|', lambda a, b: a | b), ('^', lambda a, b: a ^ b)])
    left, a = cmd_tree(r, depth - 1)
    right, b = cmd_tree(r, depth - 1)
    return f'({left}{op}{right})', wrapped(f(a, b))


def cmd_sum(r):
    text, value = cmd_tree(r, r.randint(1, 4))
    return f'set /a "{text}"', str(value)


SAFE = string.ascii_letters + string.digits + '.:_-/'


def cmd_cut(r):
    v, name = word(r, 4, 20, SAFE), word(r, 2, 6, string.ascii_lowercase)
    a, b = r.randint(0, len(v) - 1), r.randint(1, len(v))
    how, part = r.choice([(f'~{a},{b}', v[a:a + b]), (f'~-{b}', v[-b:]), (f'~{a}', v[a:]), (f'~0,-{b}', v[:-b])])
    if not part:
        how, part = '~0', v
    return f'cmd /v:on /c "set {name}={v}& echo [!{name}:{how}!]"', f'[{part}]\r\n'


def cmd_swap(r):
    v, name = word(r, 4, 20, SAFE), word(r, 2, 6, string.ascii_lowercase)
    c, w = r.choice(v), word(r, 0, 4, SAFE)
    made = ''.join(w if x.lower() == c.lower() else x for x in v)
    return f'@echo off\r\nset {name}={v}\r\necho [%{name}:{c}={w}%]\r\n', f'[{made}]\r\n'


def cmd_hidden(r):
    """A command cut into variables, put together again by call."""
    answer = word(r, 5, 12, string.ascii_letters + string.digits)
    code = f'echo {answer}'
    cuts = sorted(r.randint(1, len(code) - 1) for _ in range(r.randint(1, 3)))
    parts = [code[a:b] for a, b in zip([0] + cuts, cuts + [len(code)]) if b > a]
    names = []
    while len(names) < len(parts):
        name = word(r, 2, 6, string.ascii_lowercase)
        if name not in names and name not in ('os', 'cd', 'temp', 'tmp', 'path', 'date', 'time', 'random', 'windir'):
            names.append(name)
    sets = [f'set {n}={p}' for n, p in zip(names, parts)]
    r.shuffle(sets)
    return '&&'.join(sets) + '&& call ' + ''.join(f'%{n}%' for n in names), f'{answer}\r\n'


def cmd_carets(r):
    answer = word(r, 5, 12, string.ascii_letters + string.digits)
    text = ''.join('^' * (r.random() < 0.4) + c for c in any_case(r, 'echo')) + ' ' + ''.join('^' * (r.random() < 0.3) + c for c in answer)
    return r.choice([text, f'cmd /c "{text}"', f'({text})', f';,{text}']), f'{answer}\r\n'


def cmd_loop(r):
    a, s = r.randint(0, 20), r.randint(1, 5)
    b = a + r.randint(0, 30)
    return f'for /l %i in ({a},{s},{b}) do @echo x%i', ''.join(f'x{i}\r\n' for i in range(a, b + 1, s))


def cmd_tokens(r):
    words = [word(r, 1, 6, string.ascii_letters) for _ in range(r.randint(2, 6))]
    mark = r.choice(',;:')
    a, b = sorted(r.sample(range(1, len(words) + 1), 2))
    return (f'for /f "tokens={a},{b} delims={mark}" %a in ("{mark.join(words)}") do @echo %b-%a', f'{words[b - 1]}-{words[a - 1]}\r\n')


GRAMMARS = {
    'powershell': [powershell_sum, powershell_string, powershell_disguise, powershell_disguise],
    'cmd': [cmd_sum, cmd_cut, cmd_swap, cmd_hidden, cmd_carets, cmd_loop, cmd_tokens],
}


def answers_of(emulated, profile, language, codes):
    done = subprocess.run([emulated, profile, language], input=b''.join(c.encode() + b'\0' for c in codes), stdout=subprocess.PIPE, check=True)
    for line in done.stdout.decode().splitlines():
        status, stopped, *text = line.rsplit('"', 2)[0], line.split('"')[1], line.rsplit(' ', 1)[1]
        yield stopped, bytes.fromhex(text[0])


def main():
    emulated, profile = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1400
    r = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 7)
    failed = number = 0
    for language, grammars in GRAMMARS.items():
        for grammar in grammars[:len(set(grammars))]:
            cases = [grammar(r) for _ in range(count // 10)]
            wrong = [(code, answer, stopped, got)
                     for (code, answer), (stopped, got) in zip(cases, answers_of(emulated, profile, language, [c for c, _ in cases]))
                     if stopped != 'exit' or got != answer.encode()]
            number += 1
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - {grammar.__name__}: {len(cases) - len(wrong)} of {len(cases)} as they were made")
            for code, answer, stopped, got in wrong[:5]:
                print(f'# {code!r}\n#   is {answer!r}, was {got!r} ({stopped})')
    print(f'1..{number}')
    return 1 if failed else 0


sys.exit(main())
