/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and switches of 1, 2, 4 or 8 bytes, and the text that stands for them. */
#ifndef XENLIBS_HYPFS_VALUE_H
#define XENLIBS_HYPFS_VALUE_H

#include "entry.h"

union xenhypfs_value {
    uint8_t bytes[8];
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
};

/*
 * The decimal number, from malloc; or NULL with EDOM if the entry is none of
 * these or of another size, or ENOMEM.
 */
char *xenhypfs_value_to_text(const struct xenhypfs_entry *entry);

/*
 * The value that @text stands for in an entry like this: its first about->size
 * bytes. Returns 0, or -1 with EDOM (as above, or no word for a switch), EINVAL
 * (not a number) or ERANGE (a number that the entry cannot hold).
 */
int xenhypfs_value_from_text(const struct xenhypfs_dirent *about, const char *text,
                             union xenhypfs_value *value);

#endif
