# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources of Debian 12's packages, in a cache outside the tree. Nothing of them enters it."""
import fcntl
import functools
import glob
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import tap  # noqa: E402

ARCHIVE = 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ' \
          'http://deb.debian.org/debian bookworm main\n'
CACHE = os.path.join(os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache'),
                     'xenlibs-sources')


def apt_get(*arguments, cwd=CACHE, timeout=100):
    """apt-get with lists of its own: the system's may have no sources, and stay as they are."""
    apt = os.path.join(CACHE, 'apt')
    os.makedirs(os.path.join(apt, 'lists', 'partial'), exist_ok=True)
    with open(os.path.join(apt, 'sources.list'), 'w', encoding='utf-8') as listing:
        listing.write(ARCHIVE)
    options = {'Dir::Etc::sourcelist': os.path.join(apt, 'sources.list'),
               'Dir::Etc::sourceparts': '/dev/null',
               'Dir::State::lists': os.path.join(apt, 'lists'),
               'Dir::Cache': apt, 'Dir::Cache::pkgcache': '', 'Dir::Cache::srcpkgcache': '',
               'APT::Sandbox::User': '', 'Acquire::Retries': '1', 'Acquire::http::Timeout': '20'}
    command = ['apt-get', '-q']
    for name, value in options.items():
        command += ['-o', '%s=%s' % (name, value)]
    return subprocess.run(command + list(arguments), cwd=cwd, capture_output=True, text=True,
                          timeout=timeout)


def tarball(package):
    found = sorted(glob.glob(os.path.join(CACHE, '%s_*.orig.tar.*z' % package)))
    return found[-1] if found else None


@functools.lru_cache(maxsize=None)
def fetch(package):
    """What apt-get complains of, or nothing. It is asked once."""
    for arguments in (('update', '-o', 'APT::Update::Error-Mode=any'),
                      ('source', '--tar-only', '--download-only', package)):
        try:
            result = apt_get(*arguments)
        except subprocess.TimeoutExpired:
            return 'it takes too long'
        if result.returncode:
            return (result.stderr.strip().splitlines() or ['apt-get failed'])[-1]
    return ''


def fetched(package):
    """The package's tarball, fetched if it is not there yet; one at a time."""
    with open(os.path.join(CACHE, 'lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tarball(package) and not shutil.which('apt-get'):
            raise tap.Skip('there is no apt-get to fetch the sources of %s' % package)
        complaint = '' if tarball(package) else fetch(package)
    if not tarball(package):
        raise tap.Skip('the sources of %s cannot be fetched: %s' % (package, complaint))
    return tarball(package)


def unpacked(package, folders):
    """The folder with these parts of the package's sources ('' is all of them)."""
    archive = fetched(package)
    target = archive[:archive.index('.orig.tar')] + '.unpacked'
    wanted = '\n'.join(folders)
    stamp = os.path.join(target, '.complete')
    if not os.path.exists(stamp) or open(stamp, encoding='utf-8').read() != wanted:
        shutil.rmtree(target, ignore_errors=True)
        with tarfile.open(archive) as tar:
            members = [member for member in tar
                       if member.name.partition('/')[2].startswith(tuple(folders))]
            tar.extractall(target, members)
        with open(stamp, 'w', encoding='utf-8') as file:
            file.write(wanted)
    roots = [entry.path for entry in os.scandir(target) if entry.is_dir()]
    return roots[0]


# ---- a package as a whole, with Debian's patches

def signed_sums(package):
    """What Debian's index says of the package's files: name and SHA-256. apt has checked its signature."""
    with tempfile.TemporaryDirectory() as empty: # apt lists what is not there
        listed = apt_get('source', '--download-only', '--print-uris', package, cwd=empty).stdout
    return dict(re.findall(r"^'\S+' (\S+) \d+ SHA256:([0-9a-f]{64})$", listed, re.MULTILINE))


def whole_package(package):
    """Fetches what is missing of the package's files; returns the sums that they must have."""
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, 'lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        update = apt_get('update', '-o', 'APT::Update::Error-Mode=any')
        sums = signed_sums(package)
        if not sums:
            raise tap.Skip('no index of Debian\'s sources: ' + update.stderr.strip()[-200:])
        if not all(os.path.exists(os.path.join(CACHE, name)) for name in sums):
            result = apt_get('source', '--download-only', package, timeout=1800)
            if result.returncode:
                raise tap.Skip('the sources of %s cannot be fetched: %s' %
                               (package, result.stderr.strip()[-200:]))
    return sums
