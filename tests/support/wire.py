# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture as tshark sees it: the second witness for packet numbers in evidence."""
import subprocess

FIELDS = ['frame.number', 'frame.time_epoch', 'ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'tcp.flags.syn', 'tcp.flags.ack',
          'tcp.payload', 'icmp.type']


class Frame:
    def __init__(self, columns):
        number, at, self.src, self.dst, sport, dport, syn, ack, payload, icmp = columns
        self.number, self.at = int(number), float(at)
        self.sport, self.dport = int(sport or 0), int(dport or 0)
        self.opens = syn in ('1', 'True') and ack in ('0', 'False')
        self.payload = bytes.fromhex(payload.replace(':', ''))
        self.echo_request = icmp.split(',')[0] == '8'


def frames(path):
    fields = [word for field in FIELDS for word in ('-e', field)]
    done = subprocess.run(['tshark', '-n', '-r', path, '-o', 'tcp.desegment_tcp_streams:false', '-T', 'fields', '-E', 'separator=/t', *fields],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return [Frame(line.split('\t')) for line in done.stdout.splitlines()]


def request_frame(every, label):
    """The frame that holds the label's request line; of several alike the one nearest in time before its end."""
    line = label['request_line'].encode()
    found = [f for f in every if (f.src, f.sport, f.dst, f.dport) == (label['src'], label['sport'], label['dst'], label['dport'])
             and line in f.payload]
    return min(found, key=lambda f: abs(f.at - label['ts'])) if found else None


def response_frames(every, label, request):
    """Frames with data from the server on that connection after the request."""
    return [f for f in every if f.number > request.number and f.payload and
            (f.src, f.sport, f.dst, f.dport) == (label['dst'], label['dport'], label['src'], label['sport'])]


def echo_request(every, after, to):
    return next((f for f in every if f.number > after and f.echo_request and f.dst == to), None)


def opening(every, after, to, port):
    return next((f for f in every if f.number > after and f.opens and f.dst == to and (not port or f.dport == port)), None)
