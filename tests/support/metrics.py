# SPDX-License-Identifier: GPL-2.0-or-later
"""Metrics read strictly: Prometheus' text format 0.0.4 and OpenMetrics 1.0, counters and gauges. What they do not allow is refused by name."""
import re

NAME = r'[a-zA-Z_:][a-zA-Z0-9_:]*'
SAMPLE = re.compile(rf'({NAME})(?:\{{((?:[^"}}]|"(?:[^"\\]|\\.)*")*)\}})? ([0-9.e+-]+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')


class Refused(ValueError):
    pass


def need(holds, why):
    if not holds:
        raise Refused(why)


def labels(text):
    found, at = {}, 0
    while at < len(text):
        one = LABEL.match(text, at)
        need(one and one[1] not in found, f'no label: {text[at:]!r}')
        found[one[1]] = re.sub(r'\\(.)', lambda m: '\n' if m[1] == 'n' else m[1], one[2])
        at = one.end()
        need(at == len(text) or text[at] == ',', f'no comma: {text[at:]!r}')
        at += 1
    return found


def read(page, open_metrics=False):
    """{(name, ((label, value), …)): number}, {family: (type, help)}. A family's lines stand together, its TYPE before its samples."""
    need(page.endswith('\n'), 'the last line has no end')
    lines = page[:-1].split('\n')
    if open_metrics:
        need(lines.pop() == '# EOF', 'no EOF')
    samples, families, current = {}, {}, None
    for line in lines:
        found = re.fullmatch(rf'# (HELP|TYPE) ({NAME}) (.+)', line)
        if found and found[1] == 'HELP':
            need(found[2] not in families, f'{found[2]} comes twice')
            families[found[2]], current = [None, found[3]], found[2]
            continue
        if found:
            need(found[2] == current and families[current][0] is None and found[3] in ('counter', 'gauge'), f'TYPE out of place: {line}')
            need((found[3] == 'counter') == current.endswith('_total') or open_metrics, f'{current} is a {found[3]}')
            need(not open_metrics or not current.endswith('_total'), f'{current}: a family of OpenMetrics ends in no _total')
            families[current][0] = found[3]
            continue
        sample = SAMPLE.fullmatch(line)
        need(sample, f'no sample: {line!r}')
        kind = families[current][0] if current else None
        need(kind and sample[1] == current + ('_total' if open_metrics and kind == 'counter' else ''), f'{sample[1]} stands below {current}')
        key = (sample[1], tuple(sorted(labels(sample[2] or '').items())))
        need(key not in samples, f'{key} comes twice')
        samples[key] = float(sample[3])
        need(samples[key] >= 0, f'{key} is negative')
    need(all(kind for kind, _ in families.values()), 'a family without a type')
    return samples, families
