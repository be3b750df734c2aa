/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "helpers.h"

unsigned int xs_count_strings(const char *strings, unsigned int len)
{
    unsigned int count = 0;

    for (unsigned int i = 0; i < len; i++)
        count += strings[i] == '\0';
    return count;
}

bool xs_perm_to_string(const struct xs_permissions *perm, char *buffer, size_t buf_len)
{
    static const char letters[] = "nrwb"; /* by the bits */
    char text[1 + MAX_STRLEN(perm->id)];
    unsigned int perms = perm->perms & ~(unsigned int)XS_PERM_IGNORE;
    size_t size;

    if (perms > (XS_PERM_READ | XS_PERM_WRITE)) {
        errno = EINVAL;
        return false;
    }
    size = (size_t)snprintf(text, sizeof(text), "%c%d", letters[perms], (int)perm->id) + 1;
    if (size > buf_len) {
        errno = ENOSPC;
        return false;
    }
    memcpy(buffer, text, size);
    return true;
}
