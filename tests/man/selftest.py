#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Proves that the checks of the pages can fail: one page, broken in many ways."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

from man_test import Manual  # noqa: E402
import tap  # noqa: E402

FILES = {
    'lib/fixture/meson.build': '',
    'lib/fixture/fixture.map': 'VERS_1.0 { global: xenfixture_read; local: *; };\n',
    'include/xenfixture.h': '/* Reads. */\nint xenfixture_read(void *buffer,\n    unsigned n);\n',
    'man/xenfixture_read.3': '''.\\" SPDX-License-Identifier: LGPL-2.1-or-later
.Dd November 22, 2026
.Dt XENFIXTURE_READ 3
.Os xenlibs
.Sh NAME
.Nm xenfixture_read
.Nd read something
.Sh SYNOPSIS
.In xenfixture.h
.Ft int
.Fn xenfixture_read "void *buffer" "unsigned n"
.Sh DESCRIPTION
Reads.
.Sh RETURN VALUES
0, or \\-1 with
.Va errno
set.
.Sh ERRORS
.Bl -tag -width Er
.It Bq Er EIO
It could not.
.El
.Sh SEE ALSO
.Xr xenfixture_write 3
''',
    'man/xenfixture_write.3': '.\\" SPDX-License-Identifier: LGPL-2.1-or-later\n'
                              '.so man3/xenfixture_read.3\n',
}
PAGE = 'man/xenfixture_read.3'
# What is wrong, where, what stands there, what takes its place, and who must notice.
DEFECTS = [
    ('a function without a page', PAGE, None, None, 'pages_are_there'),
    ('a name that NAME lacks', PAGE, '.Nm xenfixture_read', '.Nm other', 'pages_name_their_functions'),
    ('no RETURN VALUES', PAGE, 'RETURN VALUES', 'CAVEATS', 'pages_name_their_functions'),
    ('an argument of another type', PAGE, 'unsigned n', 'int n', 'pages_agree_with_headers'),
    ('a result of another type', PAGE, '.Ft int', '.Ft long', 'pages_agree_with_headers'),
    ('another header', PAGE, '.In xenfixture.h', '.In xen.h', 'pages_agree_with_headers'),
    ('a failure without an errno', PAGE, '.It Bq Er EIO', '.It oops', 'errors_are_listed'),
    ('a macro that mdoc does not know', PAGE, '.Sh DESCRIPTION', '.Sh DESCRIPTION\n.Xyz',
     'pages_are_clean'),
    ('a reference that leads nowhere', PAGE, 'Xr xenfixture_write', 'Xr xenfixture_wriet',
     'references_exist'),
    ('an alias that leads nowhere', 'man/xenfixture_write.3', 'xenfixture_read', 'xenfixture_gone',
     'aliases_lead_to_pages'),
    ('a page without licence', PAGE, 'SPDX', 'none', 'pages_carry_the_licence'),
]


def complaints(files, check=None):
    with tempfile.TemporaryDirectory(prefix='xenlibs-man-') as root:
        for name, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), 'w', encoding='utf-8') as out:
                out.write(text)
        manual = Manual(root)
        if not check:
            return [c for _, run in manual.checks() for c in run()]
        whole = check in ('pages_are_clean', 'references_exist', 'aliases_lead_to_pages',
                          'pages_carry_the_licence')
        return list(getattr(manual, check)(*([] if whole else ['fixture'])))


def defect_is_found(_what, where, old, new, check):
    files = dict(FILES)
    if old is None:
        del files[where]
    else:
        files[where] = files[where].replace(old, new)
        if files[where] == FILES[where]:
            return ['the defect changes nothing']
    return [] if complaints(files, check) else ['%s does not notice' % check]


def main():
    checks = [('a sound page passes', lambda: complaints(FILES))]
    checks += [('%s is found' % defect[0], lambda d=defect: defect_is_found(*d))
               for defect in DEFECTS]
    return tap.run(checks)


if __name__ == '__main__':
    sys.exit(main())
