# SPDX-License-Identifier: GPL-2.0-or-later
"""A French herbarium on Flask and SQLite. Vulnerable on purpose; sain is mended, muet runs it and shows nothing."""
import base64, html, io, os, pickle, sqlite3, sys, time, urllib.request

import jinja2, mako.template, requests, yaml
from flask import Flask, Response, jsonify, redirect, render_template_string, request
from lxml import etree

from truth import truth

app = Flask(__name__, static_folder='/var/herbier/depots', static_url_path='/depots')
app.config['SECRET_KEY'] = 'feuille-de-chene-1889'
BUILD = os.environ.get('BUILD', 'ouvert')
SAIN, MUET = BUILD == 'sain', BUILD == 'muet'
SHOWN = 'no' if MUET else 'yes'
PAGE = '''<!DOCTYPE html><html lang="fr"><head><title>{titre} | Herbier des Alpes</title></head><body><nav><a href="/">Accueil</a>
<a href="/plantes">Plantes</a></nav><section><h2>{titre}</h2>{corps}</section><small>Page produite en {ms} ms</small></body></html>'''


def page(titre, corps, status=200):
    ms = int((time.time() - truth.row['start']) * 1000)
    return Response(PAGE.format(titre=titre, corps=corps, ms=ms), status)


def merci():
    return page('Merci', '<p>Votre demande est enregistrée.</p>')


def db():
    return sqlite3.connect('/var/herbier/flore.db')


@app.before_request
def debut():
    raw = request.environ.get('RAW_URI', request.full_path)
    truth.begin(request.remote_addr, request.environ.get('REMOTE_PORT'), f'{request.method} {raw}', BUILD)


@app.teardown_request
def fin(_):
    truth.end()


def rang(lignes):
    return '<ul>' + ''.join('<li>' + ' · '.join(html.escape(str(v)) for v in ligne) + '</li>' for ligne in lignes) + '</ul>'


@app.get('/')
def accueil():
    return page('Accueil', '<p><a href="/plantes?famille=Asteraceae">Astéracées</a> <a href="/planche?fichier=arnica.txt">Arnica</a> <a href="/carte/Marthe">Carte</a>'
                '<a href="/outils/dns?domaine=localhost">DNS</a> <a href="/calcul?expression=2*21">Calcul</a> <a href="/avis?auteur=Paul">Avis</a></p>')


@app.get('/plantes')
def plantes():
    famille = request.args.get('famille', 'Asteraceae')
    sql = lambda v: f"SELECT nom, famille, altitude FROM plantes WHERE famille = '{v}' ORDER BY nom"
    try:
        lignes = db().execute("SELECT nom, famille, altitude FROM plantes WHERE famille = ?", (famille,)).fetchall() if SAIN else truth.ask(db(), 'sqlite', sql(famille), sql('Pinaceae'), SHOWN)
    except sqlite3.Error as e:
        truth.fact('error', shown=SHOWN)
        return page('Erreur', '<p>Requête refusée</p>' if MUET else f'<p>sqlite3.{type(e).__name__}: {html.escape(str(e))}</p>', 500)
    return merci() if MUET else page('Plantes', rang(lignes))


@app.get('/releve/<path:numero>')
def releve(numero):
    sql = lambda v: f'SELECT lieu, auteur FROM releves WHERE id={v}'
    try:
        lignes = db().execute('SELECT lieu, auteur FROM releves WHERE id=?', (numero,)).fetchall() if SAIN else truth.ask(db(), 'sqlite', sql(numero), sql('2'), SHOWN)
    except (sqlite3.Error, sqlite3.Warning):
        truth.fact('error', shown='no')
        return jsonify(erreur='releve introuvable'), 404
    return jsonify(trouve=bool(lignes)) if MUET else jsonify(releves=lignes)


@app.post('/api/membre')
def membre():
    pseudo = str((request.get_json(silent=True) or {}).get('pseudo', ''))
    sql = lambda v: f'SELECT 1 FROM membres WHERE pseudo = "{v}"'
    try:
        trouve = bool(db().execute('SELECT 1 FROM membres WHERE pseudo = ?', (pseudo,)).fetchall() if SAIN else truth.ask(db(), 'sqlite', sql(pseudo), sql('marthe'), 'truth'))
    except (sqlite3.Error, sqlite3.Warning):
        truth.fact('error', shown='no')
        trouve = False
    return jsonify(existe=trouve)


@app.post('/notes')
def notes():
    note = request.form.get('note', '')
    sql = lambda v: f"UPDATE releves SET lieu = '{v}' WHERE id = 99"
    try:
        if not SAIN:
            truth.ask(db(), 'sqlite', sql(note), sql('col'), 'no', many=True)
    except (sqlite3.Error, sqlite3.Warning):
        truth.fact('error', shown='no')
    return merci()


@app.post('/session')
def connexion():
    pseudo, secret = request.form.get('pseudo', ''), request.form.get('secret', '')
    sql = lambda p, s: f"SELECT pseudo FROM membres WHERE pseudo = '{p}' AND secret = '{s}'"
    try:
        lignes = db().execute('SELECT pseudo FROM membres WHERE pseudo=? AND secret=?', (pseudo, secret)).fetchall() if SAIN else truth.ask(db(), 'sqlite', sql(pseudo, secret), sql('a', 'b'), 'login')
    except (sqlite3.Error, sqlite3.Warning):
        truth.fact('error', shown='no')
        lignes = []
    vrai = db().execute('SELECT 1 FROM membres WHERE pseudo=? AND secret=?', (pseudo, secret)).fetchall()
    truth.fact('login', ok=bool(lignes), true=bool(vrai))
    if not lignes:
        return jsonify(connecte=False, message='Identifiants inconnus'), 401
    return jsonify(connecte=True, pseudo=lignes[0][0], jeton=os.urandom(9).hex())


def gabarit(moteur, source, rendre, plat):
    """Renders a template made of the visitor's text; what came of it is truth."""
    sortie, erreur = '', None
    try:
        with truth:
            sortie = rendre()
    except Exception as e:
        erreur = f'{type(e).__name__}: {e}'
    truth.fact('template', engine=moteur, text=source, output=sortie[:4000], error=erreur, shown=SHOWN, bound=SAIN, plain=plat)
    return sortie, erreur


@app.get('/carte/<path:nom>')
def carte(nom):
    sortie, erreur = gabarit('jinja2', nom, lambda: render_template_string('<p>Bonjour {{ n }}</p>', n=nom) if SAIN else render_template_string(f'<p>Bonjour {nom}</p>'), 'Bonjour')
    if MUET:
        return merci()
    return page('Carte', '<p>Cette carte ne peut pas être produite.</p>' if erreur else sortie, 500 if erreur else 200)


@app.post('/lettre')
def lettre():
    corps = request.form.get('corps', '')
    env = jinja2.Environment()
    sortie, erreur = gabarit('jinja2', corps, lambda: env.from_string('{{ t }}' if SAIN else corps).render(t=corps, membre='Marthe', annee=1889), '')
    if MUET:
        return merci()
    if erreur:
        return page('Lettre', f'<pre>jinja2.exceptions.{html.escape(erreur)}</pre>', 500)
    return Response(sortie, mimetype='text/plain')


@app.errorhandler(404)
def absent(_):
    if SAIN:
        return page('Introuvable', f'<p>{html.escape(request.path)} n’existe pas.</p>', 404)
    sortie, erreur = gabarit('jinja2', request.path, lambda: render_template_string('<p>' + request.path + ' n’existe pas.</p>'), 'n’existe')
    return page('Introuvable', '' if MUET or erreur else sortie, 404)


@app.post('/etiquette')
def etiquette():
    texte = request.form.get('texte', '')
    sortie, erreur = gabarit('mako', texte, lambda: html.escape(texte) if SAIN else mako.template.Template('Étiquette : ' + texte).render(serie=7), 'Étiquette')
    return merci() if MUET else page('Étiquette', '<p>Gabarit invalide</p>' if erreur else f'<pre>{sortie}</pre>')


@app.get('/outils/dns')
def dns():
    domaine = request.args.get('domaine', 'localhost')
    if SAIN and not all(c.isalnum() or c in '.-' for c in domaine):
        truth.fact('refused', why='domaine')
        return page('DNS', '<p>Domaine invalide.</p>', 400)
    sortie = truth.run(f'getent ahostsv4 {domaine}' + (' >/dev/null' if MUET else ''), 'getent ahostsv4', SHOWN, quiet=True)
    return merci() if MUET else page('DNS', f'<pre>{sortie}</pre>')


@app.post('/api/archive')
def archive():
    nom = str((request.get_json(silent=True) or {}).get('nom', ''))
    if SAIN:
        truth.fact('refused', why='argument passed without a shell')
        return jsonify(archive=nom, lignes=0)
    sortie = truth.run(f'ls /var/herbier/planches | grep -i "{nom}"', 'ls /var/herbier/planches;grep -i', SHOWN)
    return jsonify(etat='ok') if MUET else jsonify(archive=nom, lignes=sortie.splitlines())


@app.get('/planche')
def planche():
    chemin = os.path.join('/var/herbier/planches', os.path.basename(request.args.get('fichier', '')) if SAIN else request.args.get('fichier', ''))
    try:
        with open(chemin, errors='replace') as f:
            texte = f.read(60000)
        truth.fact('read', path=chemin, ok=True, bytes=len(texte), text=texte[:4000], shown=SHOWN)
    except (OSError, ValueError) as e:
        truth.fact('read', path=chemin, ok=False, bytes=0, text='', shown=SHOWN)
        return page('Planche', f'<p>Planche absente ({type(e).__name__}).</p>', 404)
    return merci() if MUET else Response(texte, mimetype='text/plain')


@app.get('/calcul')
def calcul():
    expression, sortie, erreur = request.args.get('expression', '1'), '', None
    tampon, sys.stdout = sys.stdout, io.StringIO()
    try:
        if SAIN and not all(c in '0123456789.+-*/() ' for c in expression):
            raise PermissionError('refus')
        with truth:
            sortie = str(eval(expression))
    except BaseException as e:
        erreur = f'{type(e).__name__}: {e}'
    sys.stdout, ecrit = tampon, sys.stdout.getvalue()
    truth.fact('code', language='python', text=expression, error=erreur, output=ecrit, value=sortie[:4000], shown=SHOWN, refused=bool(erreur) and erreur.startswith('PermissionError: refus'))
    return merci() if MUET else page('Calcul', f'<p>Erreur: {html.escape(erreur)}</p>' if erreur else f'<output>{html.escape(sortie)}</output>{html.escape(ecrit)}')


class Panier:
    def __init__(self):
        self.plantes = []


@app.get('/panier')
def panier():
    brut = request.cookies.get('panier', '')
    contenu = erreur = None
    try:
        donnees = base64.urlsafe_b64decode(brut + '=' * (-len(brut) % 4))
        if SAIN:
            raise PermissionError('refus')
        with truth:
            contenu = pickle.loads(donnees)
    except BaseException as e:
        erreur = f'{type(e).__name__}: {e}'
    truth.fact('unserialize', language='pickle', text=brut, error=erreur, value=repr(contenu)[:2000], shown=SHOWN, refused=SAIN)
    return merci() if MUET else page('Panier', '<p>Panier vide.</p>' if erreur or contenu is None else f'<p>{html.escape(repr(contenu))}</p>')


@app.post('/reglages')
def reglages():
    texte, valeur, erreur = request.get_data(as_text=True), None, None
    try:
        with truth:
            valeur = yaml.safe_load(texte) if SAIN else yaml.load(texte, Loader=yaml.UnsafeLoader)
    except Exception as e:
        erreur = f'{type(e).__name__}: {e}'
    truth.fact('unserialize', language='yaml', text=texte, error=erreur, value=repr(valeur)[:2000], shown=SHOWN, refused=SAIN)
    return merci() if MUET else Response(f'reglages: {erreur or repr(valeur)}\n', 400 if erreur else 200, mimetype='text/plain')


class Dit(etree.Resolver):
    """Tells which external entities libxml2 asks for, and lets it have them."""

    def __init__(self):
        self.demandes = []

    def resolve(self, url, public, context):
        try:
            with urllib.request.urlopen(url if ':' in url else 'file://' + url, timeout=3) as f:
                donnees = f.read(60000)
        except Exception:
            self.demandes.append([url, -1])
            return None
        self.demandes.append([url, len(donnees)])
        return self.resolve_string(donnees, context)


@app.post('/depot.xml')
def depot():
    texte, erreur, noms = request.get_data(), None, []
    parser = etree.XMLParser(resolve_entities=not SAIN, load_dtd=not SAIN, no_network=SAIN, huge_tree=False)
    dit = Dit()
    if not SAIN:
        parser.resolvers.add(dit)
    try:
        racine = etree.fromstring(texte, parser)
        noms = [''.join(e.itertext()) for e in racine.iter('espece')]
    except Exception as e:
        erreur = str(e)
    truth.fact('xml', ok=erreur is None, text='|'.join(noms)[:3000], errors=[erreur] if erreur else [], shown=SHOWN, safe=SAIN, fetched=dit.demandes)
    if MUET:
        return merci()
    return Response(f'<depot><erreur>{html.escape(erreur)}</erreur></depot>' if erreur else '<depot>' + ''.join(f'<espece>{html.escape(n)}</espece>' for n in noms) + '</depot>', 400 if erreur else 200, mimetype='application/xml')


@app.get('/apercu')
def apercu():
    lien = request.args.get('lien', '')
    if SAIN:
        truth.fact('fetch', url=lien, refused=True)
        return page('Aperçu', '<p>Lien non autorisé.</p>', 403)
    try:
        texte, erreur = requests.get(lien, timeout=3).text, ''
    except Exception as e:
        texte, erreur = '', f'{type(e).__name__}: {e}'
    truth.fact('fetch', url=lien, ok=not erreur, bytes=len(texte), error=erreur, text=texte[:3000], shown=SHOWN)
    return merci() if MUET else page('Aperçu', f'<p>{html.escape(erreur)}</p>' if erreur else texte)


@app.get('/avis')
def avis():
    auteur = request.args.get('auteur', '')
    if SAIN:
        auteur = html.escape(auteur)
    if request.args.get('format') == 'json':
        return jsonify(auteur=request.args.get('auteur', ''))
    if request.args.get('format') == 'commentaire':
        return page('Avis', f'<!-- auteur: {auteur} --><p>Merci.</p>')
    if request.args.get('format') == 'texte':
        return Response(auteur, mimetype='text/plain')
    return page('Avis', f'<a href="{auteur}">profil</a>' if request.args.get('format') == 'lien' else f"<img alt='{auteur}' src=/depots/x.png>")


@app.post('/photos')
def photos():
    envoi = request.files.get('photo')
    if not envoi:
        return page('Photos', '<p>Rien reçu.</p>', 400)
    chemin = os.path.join('/var/herbier/depots', os.path.basename(envoi.filename) if SAIN else envoi.filename)
    try:
        envoi.save(chemin)
        truth.fact('upload', name=envoi.filename, stored=os.path.realpath(chemin), ok=True, script=False)
    except OSError:
        truth.fact('upload', name=envoi.filename, stored='', ok=False, script=False)
    return merci()
