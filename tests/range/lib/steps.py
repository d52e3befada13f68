# SPDX-License-Identifier: GPL-2.0-or-later
"""The words that scenarios are written in: one step is one request, with the class of attack that it tries."""
import json
from urllib.parse import quote

BOUNDARY = '----konsekirange7d41'


def q(text):
    return quote(text, safe='')


def get(target, cls='benign', **more):
    return dict({'method': 'GET', 'target': target, 'class': cls}, **more)


def form(target, fields, cls='benign', **more):
    body = '&'.join(f'{k}={q(v)}' for k, v in fields.items())
    return dict({'method': 'POST', 'target': target, 'body': body, 'type': 'application/x-www-form-urlencoded', 'class': cls}, **more)


def sends(target, value, cls='benign', **more):
    return dict({'method': 'POST', 'target': target, 'body': json.dumps(value), 'type': 'application/json', 'class': cls}, **more)


def body(target, text, kind, cls='benign', **more):
    return dict({'method': 'POST', 'target': target, 'body': text, 'type': kind, 'class': cls}, **more)


def upload(target, field, name, content, cls='upload', kind='image/png', **more):
    text = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n{content}\r\n'
            f'--{BOUNDARY}--\r\n')
    return dict({'method': 'POST', 'target': target, 'body': text, 'type': f'multipart/form-data; boundary={BOUNDARY}', 'class': cls}, **more)


def cookie(target, text, cls='benign', **more):
    return get(target, cls, headers={'Cookie': text}, **more)


def values(target, parameter, cls, *attacks, **more):
    """One request for each attack in a parameter of the query; a pair brings the pause that it needs."""
    for attack in attacks:
        yield get(f'{target}{"&" if "?" in target else "?"}{parameter}={q(attack)}', cls, **more)
