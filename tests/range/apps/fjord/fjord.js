// SPDX-License-Identifier: GPL-2.0-or-later
// A Norwegian boat club on Express. Vulnerable on purpose; the build trygg is mended, taus runs it and shows nothing.
'use strict';
const express = require('express'), ejs = require('ejs'), nunjucks = require('nunjucks'), handlebars = require('handlebars');
const fs = require('fs'), http = require('http'), path = require('path'), child = require('child_process'), vm = require('vm');

const build = process.env.BUILD, trygg = build === 'trygg', taus = build === 'taus', shown = taus ? 'no' : 'yes';
const app = express();
app.disable('x-powered-by');
const esc = (s) => String(s).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }[c]));

app.use((req, res, next) => {
	req.truth = { src: req.socket.remoteAddress.replace('::ffff:', ''), sport: req.socket.remotePort, pid: process.pid, line: `${req.method} ${req.originalUrl}`, start: Date.now() / 1000, build, facts: [] };
	req.fact = (kind, what) => req.truth.facts.push({ kind, ...what });
	res.on('finish', () => { req.truth.end = Date.now() / 1000; fs.appendFileSync('/run/truth/requests', JSON.stringify(req.truth) + '\n'); });
	next();
});
app.use(express.json({ limit: '200kb' }), express.urlencoded({ extended: true }), express.text({ type: 'text/*' }));
const side = (title, body) => `<!doctype html><html lang="no"><head><title>${title} - Båtforeningen</title></head><body><div id="app"><h1>${title}</h1>${body}</div></body></html>`;
const takk = (res) => res.json({ mottatt: true });
const run = (req, command, own) => {
	let out = '';
	try { out = child.execSync(command, { stdio: ['ignore', 'pipe', 'pipe'] }).toString(); } catch (e) { out = (e.stdout || '').toString() + (taus ? '' : (e.stderr || '').toString()); }
	req.fact('shell', { command, own, output: out.slice(0, 20000), shown });
	return out;
};
const template = (req, engine, text, render) => {
	let out = '', error = null;
	try { out = String(trygg ? esc(text) : render()); } catch (e) { error = `${e.name}: ${e.message}`; }
	req.fact('template', { engine, text, output: out.slice(0, 4000), error, shown, bound: trygg, plain: '' });
	return [out, error];
};
const reply = (res, title, [out, error]) => taus ? takk(res) : error ? res.status(500).type('text').send(error.split('\n').pop()) : res.send(side(title, `<p>${out}</p>`));

app.get('/', (req, res) => res.send(side('Hjem', '<a href="/regn?uttrykk=3*7">Regn</a> <a href="/hilsen/Kari">Hilsen</a> <a href="/fil/brygge.txt">Brygge</a> <a href="/vert?navn=localhost">Vert</a>')));
app.get('/regn', (req, res) => {
	const text = String(req.query.uttrykk || '1');
	let value, error = null;
	if (trygg && !/^[\d\s.+*/()-]{1,60}$/.test(text)) { req.fact('code', { language: 'node', text, error: null, output: '', value: '', shown, refused: true }); return res.status(400).json({ feil: 'bare tall' }); }
	try { value = eval(text); } catch (e) { error = `${e.name}: ${e.message}`; }
	value = Buffer.isBuffer(value) ? value.toString() : typeof value === 'object' ? JSON.stringify(value) : String(value);
	req.fact('code', { language: 'node', text, error, output: '', value: String(value).slice(0, 4000), shown });
	if (taus) return takk(res);
	if (error) return res.status(500).json({ feil: error });
	res.json({ uttrykk: text, verdi: value });
});
app.post('/filter', (req, res) => {
	const text = String((req.body || {}).vilkaar || 'true');
	let rows = [], error = null;
	try { rows = trygg ? [] : [1, 2, 3, 4].filter((nr) => vm.runInNewContext(text, { nr, process, require })); } catch (e) { error = `${e.name}: ${e.message}`; }
	req.fact('code', { language: 'node', text, error, output: '', value: '', shown: 'no', refused: trygg });
	taus ? takk(res) : res.json({ antall: rows.length });
});
app.get('/hilsen/:navn', (req, res) => reply(res, 'Hilsen', template(req, 'ejs', req.params.navn, () => ejs.render(`Hei ${req.params.navn}!`, { sesong: 2024 }))));
app.post('/invitasjon', (req, res) => reply(res, 'Invitasjon', template(req, 'nunjucks', String(req.body.tekst || ''), () => nunjucks.renderString(String(req.body.tekst || ''), { medlem: 'Kari', brygge: 4 }))));
app.post('/merkelapp', (req, res) => reply(res, 'Merkelapp', template(req, 'handlebars', String(req.body.tekst || ''), () => handlebars.compile(String(req.body.tekst || ''))({ medlem: 'Kari', baat: { navn: 'Skrei', lengde: 31 } }))));
app.get('/vert', (req, res) => {
	const name = String(req.query.navn || 'localhost');
	if (trygg) {
		const done = child.spawnSync('getent', ['hosts', name]);
		req.fact('refused', { why: 'argument passed without a shell' });
		return res.send(side('Vert', `<pre>${esc(done.stdout)}</pre>`));
	}
	const out = run(req, `getent hosts ${name}`, 'getent hosts');
	taus ? takk(res) : res.send(side('Vert', `<pre>${esc(out)}</pre>`));
});
app.post('/api/logg', (req, res) => {
	const date = String((req.body || {}).dato || '');
	if (trygg) { req.fact('refused', { why: 'argument passed without a shell' }); return res.json({ linjer: [] }); }
	const out = run(req, `grep -c '${date}' /srv/fjord/logg.txt`, 'grep -c');
	taus ? takk(res) : res.json({ treff: out.trim().split('\n') });
});
app.get(/^\/fil\/(.*)$/s, (req, res) => {
	const file = trygg ? path.join('/srv/fjord/filer', path.basename(req.params[0])) : '/srv/fjord/filer/' + req.params[0];
	let text = null;
	try { text = fs.readFileSync(file).toString(); } catch { }
	req.fact('read', { path: file, ok: text !== null, bytes: (text || '').length, text: (text || '').slice(0, 4000), shown });
	if (text === null) return res.status(404).json({ feil: 'ENOENT' });
	taus ? takk(res) : res.type('text').send(text);
});
app.get('/hent', (req, res) => {
	const url = String(req.query.kilde || '');
	if (trygg) { req.fact('fetch', { url, refused: true }); return res.status(403).json({ feil: 'ikke tillatt' }); }
	const end = (ok, text, error) => { if (!res.headersSent) { req.fact('fetch', { url, ok, bytes: text.length, error, text: text.slice(0, 3000), shown }); taus ? takk(res) : ok ? res.send(side('Hentet', `<pre>${esc(text)}</pre>`)) : res.status(502).json({ feil: error }); } };
	try {
		http.get(url, { timeout: 3000 }, (r) => { let t = ''; r.on('data', (d) => t += d); r.on('end', () => end(true, t, '')); }).on('error', (e) => end(false, '', e.message)).on('timeout', function () { this.destroy(new Error('tidsavbrudd')); });
	} catch (e) { end(false, '', e.message); }
});
app.get('/sok', (req, res) => {
	const text = trygg ? esc(req.query.tekst) : String(req.query.tekst || '');
	if (req.query.type === 'json') return res.json({ tekst: String(req.query.tekst) });
	if (req.query.type === 'data') return res.send(side('Søk', `<script type="application/json" id="d">{"sok":"${text}"}</script><p>ingen treff</p>`));
	if (req.query.type === 'js') return res.send(side('Søk', `<script>const sok = "${text}"; vis(sok)</script>`));
	res.send(side('Søk', `<input value='${text}'><p>0 treff for ${text}</p>`));
});
app.use((req, res) => res.status(404).send(side('Ikke funnet', `<p>${esc(req.path)}</p>`)));
app.use((err, req, res, next) => res.status(err.status || 500).type('text').send(`${err.name}: ${err.message}`));
const server = app.listen(3000, process.env.ADDRESS);
server.keepAliveTimeout = 9000;
