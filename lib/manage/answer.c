/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "answer.h"

#include <string.h>

#include "fail.h"

/* The first release's structs are the smallest that there are; so far, the only ones. */
int xenmanage_check_size(const size_t *size, size_t known)
{
    return size && *size >= known ? 0 : xenlibs_fail(EINVAL);
}

void xenmanage_store_answer(void *to, size_t size, const void *answer, size_t known)
{
    memcpy(to, answer, known);
    memset((char *)to + known, 0, size - known);
    memcpy(to, &size, sizeof(size));
}
