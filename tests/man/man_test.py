#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every exported function has a page that agrees with its header. Output is TAP."""
import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'support'), os.path.join(HERE, '..', 'abi')]

import elf  # noqa: E402
import tap  # noqa: E402

ALIAS = re.compile(r'^\.so man(\d)/(\S+)$', re.M)
REFERENCE = re.compile(r'^\.Xr (\S+) (\d)', re.M)
SECTION = re.compile(r'^\.Sh (.*)$', re.M)
# Functions with a page that is Linux's or libc's begin otherwise.
OUR_PAGE = re.compile(r'(xen|xc_|xtl_|xs_|libxenvchan)')
# Faces for old programs: what our own library has too is documented there, the rest,
# upstream's internals as a rule, has a page of its own or a line in this one.
FACES = {'ctrl-4.14': 'xenctrl_faces.7', 'ctrl-4.17': 'xenctrl_faces.7',
         'ctrl-4.20': 'xenctrl_faces.7'}
# Exported, and meant for macros only.
NO_FUNCTIONS = {'xc__hypercall_buffer_HYPERCALL_BUFFER_NULL'}
# Libraries whose header is not named after their folder.
HEADERS = {'vchan-4.14': 'libxenvchan', 'vchan-4.17': 'libxenvchan', 'vchan-4.20': 'libxenvchan'}
# Libraries for old programs only: what declares their functions is not installed.
UNINSTALLED = {'store-3.0': 'lib/store-3.0'}
# A prototype in a header: result, name, arguments.
PROTOTYPE = r'(?m)^((?:[A-Za-z_][\w ]*[\s*]+?))%s\s*\(([^;]*?)\)[^;()]*(?:XTL_PRINTF_FORMAT\(.*?\)|__attribute__\s*\(\(.*?\)\))?;'


def read(path):
    with open(path, encoding='utf-8') as text:
        return text.read()


def squeezed(text):
    """C with blanks only where they matter, so that layouts do not differ."""
    text = re.sub(r'\s+', ' ', text.replace('\n', ' ')).strip()
    return re.sub(r' ?([*,()\[\]]) ?', r'\1', text)


class Page:
    def __init__(self, path):
        self.path, self.text = path, read(path)
        self.name = os.path.basename(path)
        alias = ALIAS.search(self.text)
        self.target = '%s' % alias.group(2) if alias else None

    def sections(self):
        parts = SECTION.split(self.text)
        return dict(zip(parts[1::2], parts[2::2]))

    def names(self):
        return re.findall(r'^\.Nm (\w+)', self.sections().get('NAME', ''), re.M)

    def includes(self):
        return re.findall(r'^\.In (\S+)', self.sections().get('SYNOPSIS', ''), re.M)

    def prototypes(self):
        """Function → what the SYNOPSIS says of it, as C."""
        found, kind = {}, ''
        synopsis = re.sub(r'\\$\n', ' ', self.sections().get('SYNOPSIS', ''), flags=re.M)
        for macro, rest in re.findall(r'^\.(Ft|Fn|Fo|Fa|Fc) ?(.*)$', synopsis, re.M):
            if macro == 'Ft':
                kind = rest.strip('"')
            elif macro == 'Fn':
                words = re.findall(r'"([^"]*)"|(\S+)', rest)
                words = [quoted or plain for quoted, plain in words]
                found[words[0]] = squeezed('%s %s(%s)' % (kind, words[0], ', '.join(words[1:])))
            elif macro == 'Fo':
                name, arguments = rest.strip('"'), []
            elif macro == 'Fa':
                arguments += [q or p for q, p in re.findall(r'"([^"]*)"|(\S+)', rest)]
            else:
                found[name] = squeezed('%s %s(%s)' % (kind, name, ', '.join(arguments)))
        return found


class Manual:
    def __init__(self, root):
        self.root = root
        self.folder = os.path.join(root, 'man')
        self.pages = {name: Page(os.path.join(self.folder, name))
                      for name in sorted(os.listdir(self.folder)) if re.search(r'\.\d$', name)}

    def libraries(self):
        lib = os.path.join(self.root, 'lib')
        return [name for name in sorted(os.listdir(lib))
                if os.path.exists(os.path.join(lib, name, 'meson.build'))
                and os.path.exists(os.path.join(lib, name, name + '.map'))]

    def symbols(self, library):
        return sorted(set(elf.VersionMap(
            read(os.path.join(self.root, 'lib', library, library + '.map'))).symbols) - NO_FUNCTIONS)

    def headers(self, library):
        """The library's header and those that go with it, by name."""
        name = re.compile(r'%s(_\w+)?\.h$' % HEADERS.get(library, 'xen' + library))
        folder = os.path.join(self.root, 'include')
        if library in UNINSTALLED:
            name, folder = re.compile(r'\w+\.h$'), os.path.join(self.root, UNINSTALLED[library])
        files = [file for file in sorted(os.listdir(folder)) if name.match(file)]
        files += [os.path.relpath(path, folder) for path in sorted(glob.glob(
            os.path.join(folder, 'xen' + library, '*.h')))]
        return {file: re.sub(r'/\*.*?\*/', '', read(os.path.join(folder, file)), flags=re.S)
                for file in files}

    def faces_tell_what_they_have_besides(self, face):
        page = self.pages.get(FACES[face])
        own = set(self.symbols(face.split('-')[0]))
        listed = set(re.findall(r'^\.It Fn (\w+)', page.text, re.M)) if page else set()
        for symbol in self.symbols(face):
            if symbol not in own and symbol not in listed and not self.page_of(symbol):
                yield '%s has no page, and no line in man/%s' % (symbol, FACES[face])

    def page_of(self, symbol):
        page = self.pages.get(symbol + '.3')
        return self.pages.get(page.target) if page and page.target else page

    def pages_are_there(self, library):
        for symbol in self.symbols(library):
            if not self.pages.get(symbol + '.3'):
                yield 'man/%s.3 is missing' % symbol
            elif not self.page_of(symbol):
                yield 'man/%s.3 refers to a page that is missing' % symbol

    def _documented(self, library):
        return [(symbol, self.page_of(symbol)) for symbol in self.symbols(library)
                if self.page_of(symbol)]

    def pages_name_their_functions(self, library):
        for symbol, page in self._documented(library):
            if symbol not in page.names():
                yield '%s: NAME lacks %s' % (page.name, symbol)
            if symbol not in page.prototypes():
                yield '%s: SYNOPSIS lacks %s' % (page.name, symbol)
            if 'RETURN VALUES' not in page.sections():
                yield '%s: there is no RETURN VALUES' % page.name

    def pages_agree_with_headers(self, library):
        for symbol, page in self._documented(library):
            declared = None
            for name, text in self.headers(library).items():
                match = re.search(PROTOTYPE % symbol, text, re.S)
                if match:
                    declared = squeezed('%s %s(%s)' % (match.group(1), symbol, match.group(2)))
                    if library not in UNINSTALLED and not any(
                            name == file or '#include <%s>' % name in self.headers(library)[file]
                            for file in page.includes() if file in self.headers(library)):
                        yield '%s: SYNOPSIS does not include <%s>' % (page.name, name)
            said = page.prototypes().get(symbol)
            if declared is None:
                yield '%s: no header declares %s' % (page.name, symbol)
            elif said and said != declared:
                yield '%s: page and header differ\n  %s\n  %s' % (page.name, said, declared)

    def errors_are_listed(self, library):
        """A page that says "errno set" must list the values."""
        for page in {page.name: page for _, page in self._documented(library)}.values():
            sections = page.sections()
            returns = sections.get('RETURN VALUES', '')
            fails = re.search(r'\\-1|Dv NULL', returns) and 'errno' in returns \
                and not re.search(r'cannot fail|never\n\.Dv NULL', returns)
            if fails and '.Er ' not in sections.get('ERRORS', '').replace('Bq Er', '.Er'):
                yield '%s: it can fail, but ERRORS lists nothing' % page.name

    def pages_are_clean(self):
        if subprocess.run(['sh', '-c', 'command -v mandoc'], capture_output=True).returncode:
            raise tap.Skip('mandoc is not installed (apt-get install mandoc)')
        files = [page.path for page in self.pages.values() if not page.target]
        result = subprocess.run(['mandoc', '-Tlint', '-W', 'warning'] + files,
                                capture_output=True, text=True)
        if result.returncode:
            yield (result.stdout + result.stderr).strip()

    def references_exist(self):
        """Pages of libraries that are not in this tree yet are not missed."""
        symbols = {symbol for library in self.libraries() for symbol in self.symbols(library)}
        prefixes = tuple('xen' + library for library in self.libraries()) + (
            'xc_', 'xtl_', 'xs_', 'xenlibs', 'libxenvchan')
        for page in self.pages.values():
            for name, section in REFERENCE.findall(page.text):
                ours = OUR_PAGE.match(name) and (name in symbols or name.startswith(prefixes))
                if ours and '%s.%s' % (name, section) not in self.pages:
                    yield '%s: %s(%s) does not exist' % (page.name, name, section)

    def aliases_lead_to_pages(self):
        for page in self.pages.values():
            if page.target and (page.target not in self.pages or self.pages[page.target].target):
                yield '%s leads to %s, which is no page' % (page.name, page.target)

    def pages_carry_the_licence(self):
        for page in self.pages.values():
            if 'SPDX-License-Identifier: LGPL-2.1-or-later' not in page.text.split('\n')[0]:
                yield '%s does not begin with its licence' % page.name

    def features_are_listed(self):
        """One call, one enumeration, and one page that has each of its values."""
        header = read(os.path.join(self.root, 'include', 'xenmanage', 'feature.h'))
        listed = re.findall(r'^\.It Dv (XENMANAGE_FEATURE_\w+)$',
                            self.pages['xenmanage_has_feature.3'].text, re.M)
        declared = re.findall(r'^    (XENMANAGE_FEATURE_\w+) =', header, re.M)
        for name in sorted(set(declared) ^ set(listed)):
            yield 'xenmanage_has_feature.3 and the header differ in %s' % name
        if len(listed) != len(set(listed)) or not listed:
            yield 'xenmanage_has_feature.3 lists something twice, or nothing'

    def checks(self):
        checks = [('pages are clean', self.pages_are_clean),
                  ('references exist', self.references_exist),
                  ('aliases lead to pages', self.aliases_lead_to_pages),
                  ('pages begin with the licence', self.pages_carry_the_licence)]
        if 'manage' in self.libraries():
            checks.append(('manage: every feature is listed', self.features_are_listed))
        for library in self.libraries():
            if library in FACES:
                checks.append(('%s: what only old programs find is told' % library,
                               lambda n=library: self.faces_tell_what_they_have_besides(n)))
                continue
            for name, check in (('every function has a page', self.pages_are_there),
                                ('pages name their functions', self.pages_name_their_functions),
                                ('pages agree with headers', self.pages_agree_with_headers),
                                ('pages list their errors', self.errors_are_listed)):
                checks.append(('%s: %s' % (library, name), lambda c=check, n=library: c(n)))
        return checks


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', '..')
    return tap.run(Manual(os.path.abspath(root)).checks())


if __name__ == '__main__':
    sys.exit(main())
