# SPDX-License-Identifier: GPL-2.0-or-later
"""Certificates for tests, by openssl: an authority, and who it signed."""
import os, subprocess


def openssl(*words):
    return subprocess.run(['openssl', *words], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


class Identity:
    """name.crt and name.key in folder. signer None: it signs itself, as an authority. names: "IP:127.0.0.1", "DNS:log.example"."""
    def __init__(self, folder, name, signer=None, names=(), purpose='serverAuth'):
        self.crt, self.key = (os.path.join(folder, f'{name}.{end}') for end in ('crt', 'key'))
        self.ca = signer.crt if signer else self.crt
        request, extensions = os.path.join(folder, name + '.csr'), os.path.join(folder, name + '.ext')
        openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', self.key)
        if not signer:
            openssl('req', '-x509', '-new', '-key', self.key, '-subj', f'/CN={name}', '-days', '2', '-out', self.crt)
            return
        with open(extensions, 'w') as file:
            file.write(f'extendedKeyUsage={purpose}\n' + (f'subjectAltName={",".join(names)}\n' if names else ''))
        openssl('req', '-new', '-key', self.key, '-subj', f'/CN={name}', '-out', request)
        openssl('x509', '-req', '-in', request, '-CA', signer.crt, '-CAkey', signer.key, '-CAcreateserial', '-days', '2', '-extfile', extensions,
                '-out', self.crt)

    def fingerprint(self):
        return openssl('x509', '-in', self.crt, '-noout', '-fingerprint', '-sha256').decode().split('=')[1].strip()
