#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The packages of a root as an SBOM: SPDX 2.3 in JSON, one entry a Debian package, with its source and its digest in dpkg's own list of files.

usage: sbom.py ROOT NAME VERSION > sbom.spdx.json      (SOURCE_DATE_EPOCH: when it was made)
"""
import datetime, hashlib, json, os, re, sys


def paragraphs(path):
    """dpkg's status file, a dictionary a package."""
    with open(path, encoding='utf-8') as file:
        for block in file.read().split('\n\n'):
            fields = dict(re.findall(r'^([A-Za-z-]+): *(.*)$', block, re.M))
            if fields.get('Status', '').endswith(' installed'):
                yield fields


def files_digest(root, name, arch):
    """SHA-256 of dpkg's list of the package's files and their MD5 sums; None where it keeps none."""
    for stem in (name, f'{name}:{arch}'):
        path = os.path.join(root, 'var/lib/dpkg/info', stem + '.md5sums')
        if os.path.exists(path):
            with open(path, 'rb') as file:
                return hashlib.sha256(file.read()).hexdigest()
    return None


def entry(root, p):
    name, version, arch = p['Package'], p['Version'], p['Architecture']
    source = (p.get('Source') or name).split(' ')
    source_version = source[1].strip('()') if len(source) > 1 else version
    found = {'SPDXID': f'SPDXRef-{re.sub("[^A-Za-z0-9.-]", "-", name)}-{arch}', 'name': name, 'versionInfo': version,
             'supplier': 'Person: ' + p.get('Maintainer', 'nobody'), 'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False,
             'licenseConcluded': 'NOASSERTION', 'licenseDeclared': 'NOASSERTION', 'copyrightText': 'NOASSERTION',
             'sourceInfo': f'built from {source[0]} {source_version}',
             'externalRefs': [{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl',
                               'referenceLocator': f'pkg:deb/debian/{name}@{version.replace(":", "%3A").replace("+", "%2B")}?arch={arch}'}]}
    digest = files_digest(root, name, arch)
    if digest:
        found['comment'] = f'sha256 of the list of its files: {digest}'
    return found


def main():
    root, name, version = sys.argv[1:]
    when = datetime.datetime.fromtimestamp(int(os.environ['SOURCE_DATE_EPOCH']), datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    packages = sorted((entry(root, p) for p in paragraphs(os.path.join(root, 'var/lib/dpkg/status'))), key=lambda e: e['SPDXID'])
    digest = hashlib.sha256(json.dumps(packages).encode()).hexdigest()
    json.dump({'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT', 'name': f'{name}-{version}',
               'documentNamespace': f'urn:konseki:sbom:{digest}', 'creationInfo': {'created': when, 'creators': ['Tool: konseki-images']},
               'packages': packages,
               'relationships': [{'spdxElementId': 'SPDXRef-DOCUMENT', 'relationshipType': 'DESCRIBES', 'relatedSpdxElement': p['SPDXID']} for p in packages]},
              sys.stdout, indent=1)
    print()


main()
