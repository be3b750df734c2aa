# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types that a compiler saw, read from the debugging information of an object.

Types are told as text in which every typedef is resolved, so that two headers
that say the same thing in different words compare equal.
"""
import re
import subprocess

ENTRY = re.compile(r'^ <(\d+)><([0-9a-f]+)>: Abbrev Number: \d+(?: \((DW_TAG_\w+)\))?')
ATTRIBUTE = re.compile(r'^    <[0-9a-f]+> +(DW_AT_\w+) *: ?(.*)$')
FILE_NAME = re.compile(r'^  (\d+)\t\d+\t\d+\t\d+\t(.*)$')
# Opaque to callers, even where a library's own header tells what is in it.
HANDLE = re.compile(r'(_handle|_interface_core)$')
AGGREGATES = {'structure_type': 'struct', 'union_type': 'union', 'enumeration_type': 'enum'}


class Entry:
    def __init__(self, tag):
        self.tag = tag
        self.attributes = {}
        self.children = []

    @property
    def name(self):
        return self.attributes.get('name')

    def number(self, attribute):
        text = self.attributes.get(attribute)
        return None if text is None else int(text.split()[0], 0)


def _dump(path, what):
    return subprocess.run(['readelf', '--wide', '--debug-dump=' + what, path], check=True,
                          capture_output=True, text=True).stdout.splitlines()


def _value(text):
    """What follows the attribute's form and place, which differ between versions of readelf."""
    text = re.sub(r'^\((?:indirect (?:line )?string, )?offset: (?:0x)?[0-9a-f]+\): ', '',
                  re.sub(r'^\(\w+\) +', '', text.strip()))
    reference = re.match(r'<0x[0-9a-f]+>', text)
    return reference.group(0) if reference else text.strip()


class TypeFacts:
    """All types and variables of one object file."""

    def __init__(self, path):
        self.by_offset = {}
        self.top = []
        self.files = self._read_files(path)
        self._read_entries(path)

    @staticmethod
    def _read_files(path):
        matches = (FILE_NAME.match(line) for line in _dump(path, 'rawline'))
        return {int(m.group(1)): m.group(2) for m in matches if m}

    def _read_entries(self, path):
        parents = []
        entry = None
        for line in _dump(path, 'info'):
            start = ENTRY.match(line)
            if start and start.group(3):
                depth = int(start.group(1))
                entry = Entry(start.group(3)[len('DW_TAG_'):])
                self.by_offset[int(start.group(2), 16)] = entry
                del parents[depth:]
                (parents[-1].children if parents else self.top).append(entry)
                parents.append(entry)
                continue
            attribute = ATTRIBUTE.match(line)
            if attribute and entry:
                entry.attributes[attribute.group(1)[len('DW_AT_'):]] = _value(attribute.group(2))

    def _type_of(self, entry):
        reference = entry.attributes.get('type')
        return self.by_offset[int(reference.strip('<>'), 16)] if reference else None

    def _describe_aggregate(self, entry):
        kind = AGGREGATES[entry.tag]
        return kind + ' ' + (entry.name or self.layout(entry))

    def _describe_function(self, entry):
        arguments = ['...' if child.tag == 'unspecified_parameters'
                     else self.describe(self._type_of(child))
                     for child in entry.children
                     if child.tag in ('formal_parameter', 'unspecified_parameters')]
        prototyped = 'prototyped' in entry.attributes
        return '%s (%s)' % (self.describe(self._type_of(entry)),
                            ', '.join(arguments) if arguments else 'void' if prototyped else '')

    def _describe_array(self, entry):
        bounds = ''
        for child in entry.children:
            count = child.number('count')
            upper = child.attributes.get('upper_bound')
            if count is None and upper is not None:
                count = int(upper.split()[0], 0) + 1
            bounds += '[%s]' % ('' if count is None else count)
        return self.describe(self._type_of(entry)) + bounds

    def describe(self, entry):
        """The type as text, typedefs resolved."""
        if entry is None:
            return 'void'
        if entry.tag == 'base_type':
            return entry.name
        if entry.tag == 'typedef':
            return self.describe(self._type_of(entry))
        if entry.tag == 'pointer_type':
            return self.describe(self._type_of(entry)) + ' *'
        if entry.tag in ('const_type', 'volatile_type', 'restrict_type'):
            return self.describe(self._type_of(entry)) + ' ' + entry.tag[:-len('_type')]
        if entry.tag in AGGREGATES:
            return self._describe_aggregate(entry)
        if entry.tag == 'subroutine_type':
            return self._describe_function(entry)
        if entry.tag == 'array_type':
            return self._describe_array(entry)
        raise ValueError('unknown kind of type: ' + entry.tag)

    def _describe_member(self, member):
        place = member.attributes.get('data_member_location', '0').split()[0]
        bits = ''.join(' %s=%s' % (key, member.attributes[key])
                       for key in ('data_bit_offset', 'bit_offset', 'bit_size')
                       if key in member.attributes)
        return '@%s %s: %s%s' % (place, member.name, self.describe(self._type_of(member)), bits)

    def layout(self, entry):
        """Size, members and their places; or the values of an enumeration."""
        if 'declaration' in entry.attributes:
            return '(opaque)'
        parts = [self._describe_member(child) for child in entry.children
                 if child.tag == 'member']
        parts += ['%s=%s' % (child.name, child.attributes['const_value'].split()[0])
                  for child in entry.children if child.tag == 'enumerator']
        return '{%s bytes; %s}' % (entry.attributes.get('byte_size'), '; '.join(parts))

    # ---- as it lies in memory ----

    def _stripped(self, entry):
        """Without typedefs and qualifiers."""
        while entry is not None and entry.tag in ('typedef', 'const_type', 'volatile_type',
                                                  'restrict_type'):
            entry = self._type_of(entry)
        return entry

    def _leaves(self, entry, inside, place=0, path=''):
        """'@place name: type' of the innermost members of a struct or union."""
        for member in entry.children:
            if member.tag != 'member':
                continue
            at = place + int(member.attributes.get('data_member_location', '0').split()[0], 0)
            name = path + ('.' if path and member.name else '') + (member.name or '')
            kind = self._stripped(self._type_of(member))
            if kind is not None and kind.tag in ('structure_type', 'union_type'):
                yield from self._leaves(kind, inside, at, name)
            else:
                bits = ' bits=' + member.attributes['bit_size'] \
                    if 'bit_size' in member.attributes else ''
                yield at, '@%d %s: %s%s' % (at, name, self.shape(kind, inside), bits)

    def shape(self, entry, inside=()):
        """The type as text in which no name of a type counts, only where what lies."""
        entry = self._stripped(entry)
        if entry is None:
            return 'void'
        if entry.tag == 'pointer_type':
            return self.shape(self._type_of(entry), inside) + ' *'
        if entry.tag == 'enumeration_type':
            return 'unsigned int' if entry.number('byte_size') == 4 else 'enum'
        if entry.tag == 'array_type':
            bounds = self._describe_array(entry)
            return self.shape(self._type_of(entry), inside) + bounds[bounds.rindex('['):]
        if entry.tag not in ('structure_type', 'union_type'):
            return self.describe(entry)
        if entry in inside or 'declaration' in entry.attributes or HANDLE.search(entry.name or ''):
            return 'struct %s' % entry.name
        leaves = sorted(self._leaves(entry, inside + (entry,)), key=lambda leaf: leaf[0])
        return '{%s bytes; %s}' % (entry.attributes.get('byte_size'),
                                   '; '.join(text for _, text in leaves))

    def function_shapes(self):
        """Function that a variable points at → shapes of the result and the arguments."""
        found = {}
        for entry in self._units():
            kind = self._type_of(entry) if entry.tag == 'variable' and entry.name else None
            function = self._type_of(kind) if kind is not None and kind.tag == 'pointer_type' \
                else None
            if function is not None and function.tag == 'subroutine_type':
                arguments = [child for child in function.children
                             if child.tag == 'formal_parameter']
                found[entry.name] = [self.shape(self._type_of(kind))
                                     for kind in [function, *arguments]]
        return found

    def _units(self):
        return [entry for unit in self.top for entry in unit.children]

    def variables(self):
        """Variable name → what it points at, or is."""
        found = {}
        for entry in self._units():
            if entry.tag == 'variable' and entry.name:
                kind = self._type_of(entry)
                if kind.tag == 'pointer_type':
                    kind = self._type_of(kind)
                found[entry.name] = self.describe(kind)
        return found

    def enumerators(self):
        """Every enumeration constant → value."""
        return {child.name: int(child.attributes['const_value'].split()[0], 0)
                for entry in self._units() if entry.tag == 'enumeration_type'
                for child in entry.children if child.tag == 'enumerator'}

    def types_declared_in(self, basenames):
        """'struct x' or 'typedef x' → layout, for the types of headers of these names."""
        found = {}
        for entry in self._units():
            if not entry.name or self.files.get(
                    entry.number('decl_file')) not in basenames:
                continue
            if entry.tag in AGGREGATES:
                found[AGGREGATES[entry.tag] + ' ' + entry.name] = self.layout(entry)
            elif entry.tag == 'typedef':
                found['typedef ' + entry.name] = self.describe(entry)
        return found
