/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "strings.h"

#include <stdlib.h>
#include <string.h>

unsigned int xs_strings_count(const uint8_t *bytes, size_t len)
{
    unsigned int count = 0;

    for (size_t i = 0; i < len; i++)
        if (!bytes[i] || i + 1 == len)
            count++;
    return count;
}

void xs_strings_point(char **strings, char *text, const uint8_t *bytes, size_t len)
{
    if (!len)
        return;
    memcpy(text, bytes, len);
    if (text[len - 1])
        text[len] = '\0';
    for (const char *end = text + len; text < end; text += strlen(text) + 1)
        *strings++ = text;
}

char **xs_strings_block(const uint8_t *bytes, size_t len, unsigned int *num)
{
    unsigned int count = xs_strings_count(bytes, len);
    char **strings = malloc(count * sizeof(*strings) + len + 1);

    if (!strings)
        return NULL;
    xs_strings_point(strings, (char *)(strings + count), bytes, len);
    *num = count;
    return strings;
}
