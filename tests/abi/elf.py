# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a shared library, an archive and a version map say about symbols."""
import re
import subprocess

DYNAMIC = re.compile(r'\((SONAME|NEEDED)\).*\[(.*)\]')
NODE_START = re.compile(r'^  (?:0x)?[0-9a-f]+: Rev: \d+  Flags: (\S+).*Name: (\S+)')
NODE_PARENT = re.compile(r'^  (?:0x)?[0-9a-f]+: Parent \d+: (\S+)')
MAP_NODE = re.compile(r'([\w.]*)\s*\{(.*?)\}\s*([\w.]*)\s*;', re.S)


def _readelf(*arguments):
    return subprocess.run(['readelf', '--wide', *arguments], check=True,
                          capture_output=True, text=True).stdout.splitlines()


class SharedLibrary:
    """symbols: name → node; kinds: name → FUNC, OBJECT…; parents: node → node or None."""

    def __init__(self, path):
        self.path = path
        self.soname, self.needed = None, set()
        self.symbols, self.kinds, self.hidden_versions = {}, {}, set()
        self.parents = {}
        self._read_dynamic()
        self._read_symbols()
        self._read_nodes()

    def _read_dynamic(self):
        for match in filter(None, map(DYNAMIC.search, _readelf('--dynamic', self.path))):
            if match.group(1) == 'SONAME':
                self.soname = match.group(2)
            else:
                self.needed.add(match.group(2))

    def _read_symbols(self):
        for line in _readelf('--dyn-syms', self.path):
            words = line.split()
            if len(words) < 8 or words[6] in ('UND', 'ABS', 'Ndx') or words[4] == 'LOCAL':
                continue
            name, at, node = words[7].partition('@')
            if at and not node.startswith('@'):
                self.hidden_versions.add(words[7])
            self.symbols[name] = node.lstrip('@')
            self.kinds[name] = words[3]

    def _read_nodes(self):
        node = None
        for line in _readelf('--version-info', self.path):
            start = NODE_START.match(line)
            parent = NODE_PARENT.match(line)
            if start:
                node = None if start.group(1) == 'BASE' else start.group(2)
                if node:
                    self.parents[node] = None
            elif parent and node:
                self.parents[node] = parent.group(1)
            elif 'Version needs' in line:
                break


class VersionMap:
    """symbols: name → node; parents: node → node or None."""

    def __init__(self, text):
        self.symbols, self.parents = {}, {}
        self.hides_the_rest = False
        text = re.sub(r'^#.*$', '', re.sub(r'/\*.*?\*/', '', text, flags=re.S), flags=re.M)
        for node, body, parent in MAP_NODE.findall(text):
            self.parents[node] = parent or None
            scope = 'global'
            for word in re.findall(r'global:|local:|[^\s;]+', body):
                if word in ('global:', 'local:'):
                    scope = word[:-1]
                elif scope == 'global':
                    self.symbols[word] = node
                elif word == '*':
                    self.hides_the_rest = True


def archive_symbols(path):
    """Global symbols that an archive defines: name → object file."""
    output = subprocess.run(['nm', '--defined-only', '--extern-only', '--print-file-name', path],
                            check=True, capture_output=True, text=True).stdout
    found = {}
    for line in output.splitlines():
        place, words = line.rsplit(':', 1)[0], line.split()
        found[words[-1]] = place.rsplit(':', 1)[-1]
    return found
