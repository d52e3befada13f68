# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs of packages that `run` only unpacks, since they cannot be installed beside others: .cache/unpacked/PACKAGE."""
import glob, os, shutil

from konseki import ROOT


def program(name):
    """(its path, what its environment needs), or (None, None)."""
    path = shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if path:
        return path, {}
    for path in glob.glob(os.path.join(ROOT, '.cache', 'unpacked', '*', 'usr', '*bin', name)):
        libraries = os.path.join(os.path.dirname(os.path.dirname(path)), 'lib')
        folders = sorted({os.path.dirname(found) for found in glob.glob(os.path.join(libraries, '**', '*.so*'), recursive=True)})
        return path, {'LD_LIBRARY_PATH': ':'.join(folders)}
    return None, None
