/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Upstream's device libraries embed this struct: its layout can never change. */
#include <stddef.h>
#include "xentoolcore_internal.h"

#define AT(member, pointers) \
    _Static_assert(offsetof(Xentoolcore__Active_Handle, member) == (pointers) * sizeof(void *), \
                   #member)

_Static_assert(sizeof(Xentoolcore__Active_Handle) == 3 * sizeof(void *), "size");
#if defined(__LP64__)
_Static_assert(sizeof(Xentoolcore__Active_Handle) == 24, "size with 64-bit pointers");
#endif
AT(restrict_callback, 0);
AT(entry, 1);
AT(entry.le_next, 1);
AT(entry.le_prev, 2);
_Static_assert(__builtin_types_compatible_p(
                   Xentoolcore__Restrict_Callback,
                   int(struct Xentoolcore__Active_Handle *, unsigned short)),
               "callback");
