#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes ctrl-inventory.csv: every function of libxenctrl, 4.14 to the newest, with all that is known of it.

Prototypes come from gcc -aux-info over the headers of libxen-dev (HEADERS below), names from
facts/symbols, users from the dynamic symbols of the programs installed here and from
facts/symbols/consumer-imports-*; the group, file and operation from ctrl-groups.txt;
whether it is done from the objects of lib/ctrl (argument 1: the worktree).
"""
import csv
import glob
import os
import re
import subprocess
import sys
import tempfile

BRIEF = '/work/brief'
FACTS = '/work/shared/facts/symbols'
HEADERS = {'4.14': '/tmp/hvabi/hdr/4.14/usr/include', '4.17': '/usr/include',
           '4.20': '/tmp/hvabi/hdr/4.20/usr/include'}
COMPAT = ''.join('#define XC_WANT_COMPAT_%s_API\n' % name
                 for name in ('EVTCHN', 'GNTTAB', 'MAP_FOREIGN', 'DEVICEMODEL'))
# Shape differs between releases: the prototype, or what a parameter points to.
FACE = {'xc_domain_create': 'struct createdomain (hvabi)', 'xc_domain_getinfo': 'xc_dominfo_t, up to 4.17',
        'xc_domain_getinfolist': 'xc_domaininfo_t 104/112 bytes (hvabi)',
        'xc_domain_getinfo_single': 'xc_domaininfo_t (hvabi)', 'xc_physinfo': 'xc_physinfo_t 104/112 (hvabi)',
        'xc_get_cpufreq_para': 'struct nested from 4.18, cppc out in 4.21 (hvabi)',
        'xc_domctl': 'raw', 'xc_sysctl': 'raw', 'xc_domain_irq_permission': 'u8 up to 4.14 (prototype), wire: hvabi',
        'xc_memshr_fork_reset': 'prototype 4.15', 'xc_psr_cmt_get_data': 'prototype (enum) 4.15',
        'xc_shadow_control': 'prototype 4.15', 'xc_livepatch_upload': 'prototype 4.18',
        'xc_microcode_update': 'prototype 4.20', 'xc_flask_context_to_sid': 'prototype HEAD',
        'xc_set_paging_mempool_size': 'hvabi: shadow_op below 4.17', 'xc_get_paging_mempool_size': 'hvabi: shadow_op below 4.17',
        'xc_hvm_param_set': 'hvabi: ALTP2M, NESTEDHVM', 'xc_set_hvm_param': 'hvabi: ALTP2M, NESTEDHVM',
        'xc_domain_ioport_mapping': 'hvabi: rule 15', 'xc_domain_memory_mapping': 'hvabi: rule 15',
        'xc_livepatch_list': 'hvabi: rule 13', 'xc_pm_get_pxstat': 'hvabi: rule 13',
        'xc_cpupool_movedomain': 'rule 7 (older createdomain)', 'xc_domain_gsi_permission': 'from 4.20',
        'xc_vcpu_getcontext': 'rule 20', 'xc_vcpu_setcontext': 'rule 20'}


def names(path):
    with open(path, encoding='ascii') as text:
        return {line.strip() for line in text if line.strip()}


def prototypes(include):
    with tempfile.TemporaryDirectory() as scratch:
        source, out = os.path.join(scratch, 'a.c'), os.path.join(scratch, 'a.X')
        with open(source, 'w', encoding='ascii') as text:
            text.write(COMPAT + '#include <xenctrl.h>\n')
        subprocess.run(['gcc', '-I' + include, '-aux-info', out, '-fsyntax-only', source], check=True)
        found = {}
        with open(out, encoding='utf-8') as text:
            for line in text:
                match = re.match(r'/\* (\S+):(\d+):\w+ \*/ (?:extern )?(.*\b(\w+) \(.*);', line)
                if match and 'xenctrl' in os.path.basename(match.group(1)):
                    found[match.group(4)] = (os.path.basename(match.group(1)), match.group(3))
        return found


def users():
    who = {}
    paths = glob.glob('/usr/lib/xen-4.17/bin/*') + glob.glob('/usr/lib/xen-*/lib/**/*.so*', recursive=True) + \
        glob.glob('/usr/lib/x86_64-linux-gnu/libxen*.so.4.1?') + glob.glob('/usr/sbin/xen*') + \
        glob.glob('/tmp/xl/tree/417/**/*', recursive=True)
    seen = set()
    for path in paths:
        name = os.path.basename(path)
        if name in seen or name.startswith('libxenctrl') or not os.path.isfile(path):
            continue
        seen.add(name)
        result = subprocess.run(['nm', '-D', '--undefined-only', path], capture_output=True, text=True, check=False)
        for line in result.stdout.splitlines():
            who.setdefault(line.split()[-1].split('@')[0], set()).add(name)
    for release in ('bookworm', 'trixie'):
        with open('%s/consumer-imports-%s.txt' % (FACTS, release), encoding='utf-8') as text:
            consumer = ''
            for line in text:
                if not line.startswith(' '):
                    consumer = os.path.basename(line.split(' NEEDED')[0]) + ('' if release == 'bookworm' else ' (4.20)')
                elif 'libxenctrl' in line:
                    for name in line.split(': ')[-1].split():
                        who.setdefault(name, set()).add(consumer)
    return who


def groups():
    table = {}
    with open(BRIEF + '/ctrl-groups.txt', encoding='ascii') as text:
        for line in text:
            if line.startswith('#') or not line.strip():
                continue
            file, group, rest = line.strip().split('|')
            for item in rest.split():
                name, operation = item.split('=', 1)
                assert name not in table, name
                table[name] = (group, file, operation)
    return table


def done(worktree):
    found = {}
    for face in ('lib/ctrl/libxenctrl.so.1', 'lib/ctrl-4.17/libxenctrl.so.4.17'):
        for path in glob.glob(os.path.join(worktree, 'build', face)):
            result = subprocess.run(['nm', '-D', '--defined-only', path], capture_output=True, text=True, check=True)
            for line in result.stdout.splitlines():
                found.setdefault(line.split()[-1].split('@')[0], set()).add(os.path.basename(path))
    return found


def main():
    exports = {r: names('%s/libxenctrl-%s.txt' % (FACTS, r)) for r in ('4.14', '4.17', '4.20')}
    protos = {r: prototypes(d) for r, d in HEADERS.items()}
    table, who, ready = groups(), users(), done(sys.argv[1] if len(sys.argv) > 1 else '/work/wt/ctrl')
    everything = sorted(set().union(*exports.values()) | {'xc_get_cppc_para'})
    missing = [n for n in everything if n not in table]
    assert not missing, missing
    assert not set(table) - set(everything), set(table) - set(everything)
    with open(BRIEF + '/ctrl-inventory.csv', 'w', newline='', encoding='utf-8') as out:
        writer = csv.writer(out)
        writer.writerow(['name', 'group', 'file in lib/ctrl', 'operation', 'differs by release',
                         'in 4.14', 'in 4.17', 'in 4.20', 'newest', 'header', 'prototype (newest known)',
                         'done in so.1', 'done in so.4.17', 'imported by'])
        for n in everything:
            group, file, operation = table[n]
            newest = next((protos[r][n] for r in ('4.20', '4.17', '4.14') if n in protos[r]), ('(internal)', ''))
            head = n == 'xc_get_cppc_para' or n in exports['4.20']
            writer.writerow([n, group, file, operation, FACE.get(n, '')] +
                            ['x' if n in exports[r] else '' for r in exports] + ['x' if head else '', *newest] +
                            ['x' if f in ready.get(n, ()) else '' for f in ('libxenctrl.so.1', 'libxenctrl.so.4.17')] +
                            [' '.join(sorted(who.get(n, ())))])
    first = [n for n in everything if {'libxenlight.so.4.17.0', 'libxenlight.so.4.17', 'libxenguest.so.4.17', 'xenconsoled', 'xen-init-dom0'} & who.get(n, set())]
    print('%d functions, %d of 4.17; first wave %d, of them undone in so.4.17: %s' % (
        len(everything), len(exports['4.17']), len(first),
        ' '.join(n for n in first if 'libxenctrl.so.4.17' not in ready.get(n, ()) and n in exports['4.17'])))
    undone = {}
    for n in sorted(exports['4.17']):
        if 'libxenctrl.so.4.17' not in ready.get(n, ()):
            undone.setdefault(table[n][1], []).append(n)
    print('done in so.1: %d, in so.4.17: %d' % tuple(
        sum(f in v for v in ready.values()) for f in ('libxenctrl.so.1', 'libxenctrl.so.4.17')))
    for file, list_ in undone.items():
        print('  undone %-18s %2d %s' % (file, len(list_), ' '.join(list_) if len(list_) < 6 else ''))


if __name__ == '__main__':
    main()
