#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the version maps of lib/ctrl and lib/ctrl-4.* from what is done (objects of the build), in the
order of ctrl-inventory: run it after adding a group. argument: the worktree."""
import glob, os, re, subprocess, sys
W = sys.argv[1] if len(sys.argv) > 1 else '/work/wt/ctrl'
F = '/work/shared/facts/symbols/libxenctrl-%s.txt'
def names(r): return [l.strip() for l in open(F % r) if l.strip()]
def defined(pattern, leave_out=('-',)):
    found = set()
    for folder in glob.glob(os.path.join(W, 'build', pattern)):
     for o in (os.path.join(folder, n) for n in os.listdir(folder) if n.endswith('.o') and not n.startswith(leave_out)):
        out = subprocess.run(['nm', '--defined-only', '-g', o], capture_output=True, text=True).stdout
        found |= {l.split()[-1] for l in out.splitlines()}
    return found
SPDX = '# SPDX-License-Identifier: LGPL-2.1-or-later\n'
def write(path, node, syms):
    with open(path, 'w') as f:
        f.write(SPDX + node + '{\n    global:\n' + ''.join('        %s;\n' % s for s in syms) + '    local: *;\n};\n')
    print(path, len(syms))
d1 = defined('lib/ctrl/libxenctrl.so.1*.p')
core = defined('lib/ctrl/libxenctrl.so.1*.p', ('face_', 'newest_'))
for release, node in (('4.14', ''), ('4.17', 'VERS_4.17.0 '), ('4.20', 'libxenctrl_4.20.0 ')):
    own = defined('lib/ctrl-%s/libxenctrl.so.%s.p' % (release, release))
    write('%s/lib/ctrl-%s/ctrl-%s.map' % (W, release, release), node, [s for s in names(release) if s in own | core])
# so.1: what a header of ours declares
decl = ' '.join(open(h).read() for h in glob.glob(W + '/include/xenctrl/*.h') + [W + '/include/xenctrl_compat.h'])
decl = decl.replace('XC__HYPERCALL_BUFFER_NAME(HYPERCALL_BUFFER_NULL)', 'xc__hypercall_buffer_HYPERCALL_BUFFER_NULL')
write(W + '/lib/ctrl/ctrl.map', 'XENLIBS_1.0 ', sorted(s for s in d1 if s.startswith('xc_') and re.search(r'\b%s\b' % s, decl)))
