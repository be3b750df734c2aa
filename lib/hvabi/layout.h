/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Layouts: how a release arranges what an operation carries. A canonical struct
 * holds the newest shape, with room for what older ones had; a layout is a list
 * of where each of its fields lies in Xen's bytes. Offsets are written down, not
 * left to the compiler, so they hold for 32-bit callers too. Only layouts that
 * ever changed need to be here.
 */
#ifndef XENHVABI_LAYOUT_H
#define XENHVABI_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

/* Little-endian numbers, or bytes. The smaller side of two sizes is the field's. */
struct hvabi_field {
    const char *name; /* in Xen's headers */
    uint16_t ours;    /* offset in the canonical struct */
    uint16_t wire;    /* offset in Xen's bytes */
    uint16_t our_size;
    uint16_t wire_size;
};

#define HVABI_FIELD_AS(type, member, xen_name, offset, size) \
    {xen_name, offsetof(type, member), offset, sizeof(((type *)0)->member), size}

/* For the usual case: same name, same size. */
#define HVABI_FIELD(type, member, offset) \
    HVABI_FIELD_AS(type, member, #member, offset, sizeof(((type *)0)->member))

struct hvabi_layout {
    unsigned size; /* of Xen's bytes */
    unsigned nr_fields;
    const struct hvabi_field *fields;
};

#define HVABI_LAYOUT(size, fields) \
    {size, sizeof(fields) / sizeof((fields)[0]), fields}

/* One row for each release that changed the layout; NULL layout ends the list. */
struct hvabi_layout_since {
    unsigned release;
    const struct hvabi_layout *layout;
};

/* Largest canonical struct that xenhvabi_unexpressed() can look at. */
#define HVABI_CANONICAL_MAX 160

/* The layout of @release: of the last row that is not newer. */
const struct hvabi_layout *xenhvabi_layout_of(const struct hvabi_layout_since *layouts,
                                              unsigned release);

/* The layout that came last: the one that has all fields. */
const struct hvabi_layout *xenhvabi_newest_layout(const struct hvabi_layout_since *layouts);

/* Writes @canonical to the layout->size bytes at @wire; gaps become zero. */
void xenhvabi_encode(const struct hvabi_layout *layout, const void *canonical, void *wire);

/* Reads @wire into the @size bytes of @canonical; what the layout lacks becomes zero. */
void xenhvabi_decode(const struct hvabi_layout *layout, const void *wire, void *canonical,
                     size_t size);

/*
 * The same as decoding @wire and encoding it again, at a fraction of the cost: for
 * layouts whose fields stand in rising order and do not overlap.
 */
void xenhvabi_copy(const struct hvabi_layout *layout, const void *wire, void *to);

/*
 * The first field of @canonical, @size bytes, with a value that @layout has no
 * room for; NULL if there is none. To be asked before a request is encoded.
 */
const struct hvabi_field *xenhvabi_unexpressed(const struct hvabi_layout *layout,
                                               const struct hvabi_layout *newest,
                                               const void *canonical, size_t size);

#endif
