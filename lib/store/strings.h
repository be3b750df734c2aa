/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of strings as they come in messages: one after the other, each with its NUL. */
#ifndef XENLIBS_STORE_STRINGS_H
#define XENLIBS_STORE_STRINGS_H

#include <stddef.h>
#include <stdint.h>

/* How many strings these bytes hold; a last one without NUL counts. */
unsigned int xs_strings_count(const uint8_t *bytes, size_t len);

/*
 * Copies the bytes to @text and lets @strings point at each string there. @text has
 * room for one byte more, if the last NUL is missing.
 */
void xs_strings_point(char **strings, char *text, const uint8_t *bytes, size_t len);

/* Array and text in one block, as xs_directory() returns them; or NULL with ENOMEM. */
char **xs_strings_block(const uint8_t *bytes, size_t len, unsigned int *num);

#endif
