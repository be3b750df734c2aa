/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "layout.h"

#include <string.h>

static size_t common_size(const struct hvabi_field *field)
{
    return field->our_size < field->wire_size ? field->our_size : field->wire_size;
}

/* Numbers are most of the fields: their sizes, where the compiler sees them, cost no call. */
static void copy_field(void *to, const void *from, size_t size)
{
    switch (size) {
    case 8:
        memcpy(to, from, 8);
        break;
    case 4:
        memcpy(to, from, 4);
        break;
    default:
        memcpy(to, from, size);
    }
}

const struct hvabi_layout *xenhvabi_layout_of(const struct hvabi_layout_since *layouts,
                                              unsigned release)
{
    const struct hvabi_layout *layout = layouts->layout;

    for (; layouts->layout && layouts->release <= release; layouts++) {
        layout = layouts->layout;
    }
    return layout;
}

const struct hvabi_layout *xenhvabi_newest_layout(const struct hvabi_layout_since *layouts)
{
    return xenhvabi_layout_of(layouts, UINT32_MAX);
}

void xenhvabi_encode(const struct hvabi_layout *layout, const void *canonical, void *wire)
{
    memset(wire, 0, layout->size);
    for (unsigned i = 0; i < layout->nr_fields; i++) {
        const struct hvabi_field *field = &layout->fields[i];

        copy_field((char *)wire + field->wire, (const char *)canonical + field->ours,
                   common_size(field));
    }
}

void xenhvabi_decode(const struct hvabi_layout *layout, const void *wire, void *canonical,
                     size_t size)
{
    memset(canonical, 0, size);
    for (unsigned i = 0; i < layout->nr_fields; i++) {
        const struct hvabi_field *field = &layout->fields[i];

        copy_field((char *)canonical + field->ours, (const char *)wire + field->wire,
                   common_size(field));
    }
}

void xenhvabi_copy(const struct hvabi_layout *layout, const void *wire, void *to)
{
    char *bytes = to;
    unsigned end = 0;

    memcpy(bytes, wire, layout->size);
    for (unsigned i = 0; i < layout->nr_fields; i++) {
        const struct hvabi_field *field = &layout->fields[i];

        for (; end < field->wire; end++) {
            bytes[end] = 0;
        }
        end = field->wire + (unsigned)field->wire_size;
    }
    memset(bytes + end, 0, layout->size - end);
}

const struct hvabi_field *xenhvabi_unexpressed(const struct hvabi_layout *layout,
                                               const struct hvabi_layout *newest,
                                               const void *canonical, size_t size)
{
    char wire[HVABI_CANONICAL_MAX];
    char back[HVABI_CANONICAL_MAX];

    xenhvabi_encode(layout, canonical, wire);
    xenhvabi_decode(layout, wire, back, size);
    for (unsigned i = 0; i < newest->nr_fields; i++) {
        const struct hvabi_field *field = &newest->fields[i];

        if (memcmp(back + field->ours, (const char *)canonical + field->ours,
                   field->our_size)) {
            return field;
        }
    }
    return NULL;
}
