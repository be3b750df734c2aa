#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples in the pages of a library compile. Output is TAP.

preludes/NAME.c has what the pages of libxenNAME take for granted; without it, or without
examples, they are skipped.

usage: examples_test.py SOURCE_FOLDER COMPILER...
"""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from man_test import FACES, Manual, read, tap  # noqa: E402

FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wno-unused',
         '-Wno-unused-parameter', '-Werror', '-fno-builtin', '-fsyntax-only', '-x', 'c', '-']
FUNCTION = re.compile(r'^static .*?^}\n', re.M | re.S)
LITERAL = re.compile(r'^\.Bd -literal.*?\n(.*?)^\.Ed$', re.M | re.S)


class Examples:
    def __init__(self, root, compiler):
        self.root, self.compiler = root, compiler
        self.manual = Manual(root)

    def pages(self, library):
        """The pages of its functions and of those that only its faces have; its overview."""
        faces = [face for face in FACES if face.split('-')[0] == library]
        pages = {page.name: page for name in [library] + faces
                 for symbol in self.manual.symbols(name)
                 if (page := self.manual.page_of(symbol))}
        overview = self.manual.pages.get('xen%s_library.7' % library)
        return list(pages.values()) + ([overview] if overview else [])

    def fragments(self, page):
        """C of its examples; in an overview they stand in the text."""
        sections = page.sections()
        text = sections.get('EXAMPLES', '')
        if page.name.endswith('.7'):
            text += sections['DESCRIPTION']
        return [found.replace('\\e', '\\') for found in LITERAL.findall(text)]

    def complaint(self, prelude, fragment):
        source = ('#include <stdbool.h>\n%s\n%s\nbool example(void);\n'
                  'bool example(void)\n{\n%s\nreturn true;\n}\n') % (
                      prelude, '\n'.join(FUNCTION.findall(fragment)), FUNCTION.sub('', fragment))
        result = subprocess.run(
            self.compiler + ['-I' + os.path.join(self.root, 'include')] + FLAGS,
            input=source, text=True, capture_output=True)
        return result.stderr.strip() if result.returncode else None

    def examples_compile(self, library):
        pages = [(page, self.fragments(page)) for page in self.pages(library)]
        if not any(fragments for _, fragments in pages):
            raise tap.Skip('its pages have none')
        path = os.path.join(HERE, 'preludes', library + '.c')
        if not os.path.exists(path):
            raise tap.Skip('there is no %s' % os.path.relpath(path, self.root))
        prelude = read(path)
        for page, fragments in pages:
            for fragment in fragments:
                complaint = self.complaint(prelude, fragment)
                if complaint:
                    yield '%s: %s' % (page.name, complaint)

    def a_mistake_is_noticed(self):
        if not self.complaint('', 'int unfinished = ;'):
            yield 'a fragment that is no C compiles'

    def checks(self):
        return [('a mistake is noticed', self.a_mistake_is_noticed)] + [
            ('%s: examples compile' % name, lambda n=name: self.examples_compile(n))
            for name in self.manual.libraries() if name not in FACES]


if __name__ == '__main__':
    sys.exit(tap.run(Examples(os.path.abspath(sys.argv[1]), sys.argv[2:]).checks()))
