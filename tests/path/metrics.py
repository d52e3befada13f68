#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The metrics page of an appliance under attack: promtool and a strict reader take it, it says what `konseki show` says, and its clients are bounded.

usage: metrics.py BUILD
"""
import http.client, json, os, socket, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'support'))
import alone, konseki, metrics, unpacked
from alone import Alone
from appliance import Appliance, children
from tap import Tap

PORT = 9464
OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
# of show health: what a page tells in another way
VERDICTS = ('success', 'failure', 'unknown')


def ask(method='GET', path='/metrics', accept='', body=None):
    """(status, content type, text)"""
    client = http.client.HTTPConnection('127.0.0.1', PORT, timeout=10)
    client.request(method, path, body=body, headers={'Accept': accept} if accept else {})
    answer = client.getresponse()
    text = answer.read().decode()
    client.close()
    return answer.status, answer.getheader('Content-Type'), text


def check_formats(tap):
    pages = {}
    for name, accept, kind in (('text', '', 'text/plain; version=0.0.4; charset=utf-8'), ('OpenMetrics', OPEN + ';q=0.8,text/plain;q=0.5', OPEN)):
        status, told, page = ask(accept=accept)
        tap.equal((status, told), (200, kind), f'{name}: its content type')
        try:
            pages[name] = metrics.read(page, name == 'OpenMetrics')
        except metrics.Refused as error:
            tap.ok(False, f'{name}: a strict reader takes it', error)
            continue
        tap.ok(len(pages[name][1]) > 100, f'{name}: a strict reader takes {len(pages[name][0])} samples of {len(pages[name][1])} families')
    names = [set(key[0] for key in page[0]) for page in pages.values()]
    tap.ok(len(names) == 2 and names[0] == names[1], 'both formats have the same samples')


def check_promtool(tap):
    tool, environment = unpacked.program('promtool')
    if not tool:
        tap.skip('promtool finds nothing wrong', 'promtool is not there: ./run test unpacks it')
        return
    done = subprocess.run([tool, 'check', 'metrics'], input=ask()[2], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.ok(done.returncode == 0 and not done.stdout.strip(), 'promtool finds nothing wrong', done.stdout)
    done = subprocess.run([tool, 'check', 'metrics'], input='# TYPE a counter\na{b} 1\n', stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.ok(done.returncode != 0, 'and something where there is')
    # OpenMetrics: promtool makes a database of it, and wants a time behind each sample
    stamped = ''.join(line if line.startswith('#') else f'{line.rstrip()} 1700000000\n' for line in ask(accept=OPEN)[2].splitlines(True))
    for name, page, works in (('OpenMetrics: promtool reads it', stamped, True), ('and nothing without its end', stamped.replace('# EOF', ''), False)):
        path = os.path.join(konseki.scratch(), 'page')
        with open(path, 'w') as file:
            file.write(page)
        done = subprocess.run([tool, 'tsdb', 'create-blocks-from', 'openmetrics', path, path + '.blocks'], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        tap.equal(done.returncode == 0, works, f'{name}')


def of_show(appliance):
    """Every number of `konseki show` under the name that config/README.md gives it: {(name without _total, labels): number}."""
    wanted = {}
    for lane in appliance.show('lanes'):
        number = str(lane.pop('lane'))
        for key, value in lane.items():
            wanted[f'konseki_lane_{"cpu_seconds" if key == "cpu_ns" else key}', (('lane', number),)] = value / 1e9 if key == 'cpu_ns' else float(value)
    for lane in appliance.show('flows'):
        for key in ('open', 'room'):
            wanted[f'konseki_lane_flows_{key}', (('lane', str(lane['lane'])),)] = float(lane[key])
    for line in appliance.show('queue'):
        wanted.update({(f'konseki_queue_{key}', ()): float(value) for key, value in line.items()})
    health = appliance.health()
    each = health.pop('each')
    health.pop('losses')
    wanted.update({('konseki_verdicts', (('verdict', key),)): float(health.pop(key)) for key in VERDICTS})
    wanted['konseki_queue_workers', ()] = float(health.pop('workers'))
    wanted.update({(f'konseki_{key}', ()): float(value) for key, value in health.items()})
    for name, one in each.items():
        wanted.update({(f'konseki_collector_{key}', (('collector', name),)): float(value) for key, value in one.items() if key not in ('collector', 'format')})
    return wanted


def check_same(tap, at, appliance):
    """Asked until show, the page and show again agree on what does not move meanwhile."""
    at.wait(lambda: appliance.health().get('cases_open') == 0, 'every verdict is final', 20)
    before, page, after = of_show(appliance), metrics.read(ask()[2])[0], of_show(appliance)
    page = {(name[:-len('_total')] if name.endswith('_total') else name, label): number for (name, label), number in page.items()}
    missing = sorted(key for key in before if key not in page)
    tap.ok(not missing, f'each of {len(before)} numbers of konseki show is on the page', missing[:5])
    still = [key for key in before if before[key] == after.get(key)]
    wrong = [(key, before[key], page.get(key)) for key in still if key in page and page[key] != before[key]]
    tap.ok(len(still) > 120 and not wrong, f'with the same number: {len(still)} that stand still', wrong[:5])
    moved = [(key, before[key], page[key]) for key in before if key in page and not min(before[key], after[key]) <= page[key] <= max(before[key], after[key])]
    tap.ok(not moved, 'or one between', moved[:5])
    more = sorted({name for name, _ in page} - {name for name, _ in before} - {'konseki_build_info'})
    tap.ok(not more, 'and no other is there', more)
    tap.ok(page['konseki_verdicts', (('verdict', 'success'),)] >= 10 and page['konseki_lane_packets', (('lane', '0'),)] > 100, 'and they count', page)


def check_refused(tap):
    for method, path, status in (('POST', '/metrics', 405), ('PUT', '/metrics', 405), ('DELETE', '/metrics', 405), ('GET', '/', 404),
                                 ('GET', '/metrics/x', 404), ('GET', '/../metrics', 404)):
        try:
            tap.equal(ask(method, path, body=b'x' * 1000 if method != 'GET' else None)[0], status, f'{method} {path}: {status}')
        except OSError as error:  # the answer may come before the body was taken, and then its end
            tap.ok(method != 'GET', f'{method} {path}: {status}', error)
    status, _, text = ask('HEAD')
    tap.equal((status, text), (200, ''), 'HEAD is answered without a body')


def resident(pid):
    with open(f'/proc/{pid}/statm') as file:
        return int(file.read().split()[1]) * 4096


def served(seconds=2):
    """Is another client, from another address, answered in time?"""
    try:
        client = http.client.HTTPConnection('127.0.0.1', PORT, timeout=seconds, source_address=('127.0.0.9', 0))
        client.request('GET', '/metrics')
        return client.getresponse().status == 200
    except OSError:
        return False


def check_hostile(tap, at, appliance):
    """Clients that trickle, send without end, or never read: others are served, memory stays, and they are ended."""
    control = children(appliance.process)['konseki-control']
    before = resident(control)
    clients, stop = [], threading.Event()
    for i in range(100):
        client = socket.create_connection(('127.0.0.1', PORT), timeout=10)
        client.setblocking(False)
        clients.append(client)

    def trickle():
        while not stop.is_set():
            for i, client in enumerate(clients):
                try:
                    client.send((b'GET /metrics HTTP/1.1\r\nX: ', b'A' * 8192, b'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n', b'\x16\x03\x01')[i % 4])
                except OSError:
                    pass
            time.sleep(0.05)
    thread = threading.Thread(target=trickle)
    thread.start()
    answered = sum(served() for _ in range(10))
    began = time.monotonic()
    fast = konseki.konseki('show', 'queue', '-c', appliance.conf, '--json')
    took = time.monotonic() - began
    marks = [at.attack() for _ in range(5)]
    tap.ok(answered >= 9, f'with 100 hostile clients another one is served ({answered} of 10)')
    tap.ok(fast.returncode == 0 and took < 5, f'and so is the admin socket ({took:.2f} s)')
    at.wait(lambda: all(appliance.alert(f'&{mark}', 'success') for mark in marks), 'verdicts meanwhile', 15)
    tap.ok(True, 'and attacks are judged')
    grown = resident(control) - before
    tap.ok(grown < 16 << 20, f'memory stays ({grown >> 10} KiB more)')

    def ended():
        over = 0
        for client in clients:
            try:
                while client.recv(65536):
                    pass
                over += 1
            except BlockingIOError:
                pass
            except OSError:
                over += 1
        return over >= len(clients) - 4
    stop.set()
    thread.join()
    try:
        at.wait(ended, 'their end', 25)
        tap.ok(True, 'each of them is ended')
    except RuntimeError as error:
        tap.ok(False, 'each of them is ended', error)
    for client in clients:
        client.close()


def check_taken(tap, appliance):
    """A second appliance at the same address says so."""
    folder = konseki.scratch()
    conf = konseki.config(folder, dataplane='memory_mb = 64; ports = ( { name = "none"; device = "net_null0"; } );', workers=1,
                          more=f'metrics = {{ listen = "127.0.0.1:{PORT}"; }};')
    done = konseki.konseki('run', '-c', conf, timeout=60)
    told = [line for line in done.stderr.decode().splitlines() if f'metrics.listen: cannot listen at 127.0.0.1:{PORT}: Address already in use' in line]
    tap.ok(done.returncode == 3 and len(told) == 1, 'an address that is taken: exit 3 and one line that says so', done.stderr)


def main():
    tap = Tap()
    reason = alone.why_not()
    if reason:
        tap.skip('the metrics page', reason)
        tap.done()
    folder = konseki.scratch()
    at = Alone(folder)
    # a collector that is not there, so that its figures are
    appliance = Appliance(at, folder, settings=f'metrics = {{ listen = "127.0.0.1:{PORT}"; }}; syslog = {{ targets = [ "tcp://127.0.0.1:6999" ]; }};',
                          judging='window_s = 1;')
    at.wait(appliance.ready, 'the appliance', 40)
    marks = [at.attack(worked=i % 3 != 0) for i in range(30)]
    at.wait(lambda: appliance.alert(f'&{marks[-1]}'), 'verdicts', 20)
    check_formats(tap)
    check_promtool(tap)
    check_same(tap, at, appliance)
    check_refused(tap)
    check_hostile(tap, at, appliance)
    check_taken(tap, appliance)
    tap.equal(appliance.stop(), 0, 'SIGTERM ends it in order')
    tap.ok('Sanitizer' not in appliance.said(), 'no sanitizer spoke', appliance.said())
    at.close()
    tap.done()


main()
