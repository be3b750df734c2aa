# SPDX-License-Identifier: LGPL-2.1-or-later
"""All static archives at once, in one program that uses every public function."""
import os
import re
import subprocess

import elf
import header
from library import ASKING_FOR_ALL, read_pkgconfig
from tap import Skip


def is_shared(member, other):
    """Whether two objects of archives are of one source of lib/internal or lib/hvabi."""
    return any(folder in member and member.split(folder)[-1] == other.split(folder)[-1]
               for folder in ('internal', 'hvabi'))


class Together:
    def __init__(self, libraries, compiler, scratch, sanitize):
        self.libraries, self.compiler, self.scratch = libraries, compiler, scratch
        self.sanitize = sanitize

    def _source(self):
        includes = ''.join('#include "%s"\n' % path
                           for library in self.libraries for path in library.header_paths)
        names = sorted((name, library.built().kinds.get(name)) for library in self.libraries
                       for name in library.map().symbols)
        rows = ''.join('(void *)%s%s,\n' % ('&' if kind == 'OBJECT' else '', name)
                       for name, kind in names)
        return includes + '''#include <stdio.h>
static void *volatile used[] = {
%s};
int main(void)
{
    unsigned i, missing = 0;
    for (i = 0; i < sizeof(used) / sizeof(used[0]); i++)
        missing += !used[i];
    printf("%%u\\n", i - missing);
    return missing != 0;
}
''' % rows, len(names)

    def _links(self, archives, extra):
        source, count = self._source()
        target = os.path.join(self.scratch, 'all-static')
        flags = ['-I', os.path.dirname(self.libraries[0].header_paths[0]), *ASKING_FOR_ALL]
        flags += ['-fsanitize=' + self.sanitize] if self.sanitize else []
        built = subprocess.run(
            self.compiler + header.FLAGS + flags + extra + ['-o', target, '-', '-x', 'none',
                                                            '-Wl,--start-group'] + archives
            + ['-Wl,--end-group', '-pthread'] + self._outside(), input=source, text=True, capture_output=True)
        if built.returncode:
            yield built.stderr.strip()
            return
        ran = subprocess.run([target], capture_output=True, text=True)
        if ran.returncode or ran.stdout.strip() != str(count):
            yield 'the program says %s %s, should say %d' % (ran.stdout, ran.stderr, count)

    def _outside(self):
        """What their pkg-config files say that a static program needs besides."""
        flags = {flag for library in self.libraries
                 for flag in read_pkgconfig(library.pkgconfig).get('Libs.private', '').split()}
        return sorted(flags)

    def _archives(self):
        """One archive may hold two libraries."""
        return list(dict.fromkeys(library.archive() for library in self.libraries))

    def archives_link_in_any_order(self):
        archives = self._archives()
        yield from self._links(archives, [])
        yield from self._links(archives[::-1], [])

    def archives_link_fully_static(self):
        libc = subprocess.run(self.compiler + ['-print-file-name=libc.a'],
                              capture_output=True, text=True).stdout.strip()
        if self.sanitize:
            raise Skip('sanitizers want a shared libc')
        if not os.path.isabs(libc):
            raise Skip('there is no libc.a')
        yield from self._links(self._archives(), ['-static'])

    def archives_share_only_what_is_the_same(self):
        """A symbol of two archives must come from what they share, the same object in both."""
        owners = {}
        for library in {library.archive(): library for library in self.libraries}.values():
            for name, member in elf.archive_symbols(library.archive()).items():
                if re.match(r'__odr_asan|DW\.ref\.', name):
                    continue
                other = owners.setdefault(name, (library.name, member))
                if other[0] != library.name and not is_shared(member, other[1]):
                    yield '%s is defined by %s (%s) and by %s (%s)' % (
                        name, library.name, member, *other)

    def checks(self):
        return [
            ('all archives link into one program, in any order', self.archives_link_in_any_order),
            ('all archives link into one program without shared libraries',
             self.archives_link_fully_static),
            ('archives define no symbol twice, save what they share',
             self.archives_share_only_what_is_the_same),
        ]
