#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""bytes_to_c.py FILE OUTPUT NAME: FILE's bytes as a C array."""
import sys

with open(sys.argv[1], 'rb') as source:
    data = source.read()
with open(sys.argv[2], 'w', encoding='ascii') as output:
    output.write(f'static const unsigned char {sys.argv[3]}[] = {{'
                 + ','.join(str(byte) for byte in data) + '};\n')
