/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Debian 12 has no libxenmanage to compare with: upstream's prototypes and values. */
#include "xenmanage.h"

#define IS(function, ...) \
    _Static_assert(__builtin_types_compatible_p(__typeof__(function), __VA_ARGS__), #function)

IS(xenmanage_open, xenmanage_handle *(struct xentoollog_logger *, unsigned int));
IS(xenmanage_close, int(xenmanage_handle *));
IS(xenmanage_get_domain_info, int(xenmanage_handle *, unsigned int, unsigned int *,
                                  unsigned int *, uint64_t *));
IS(xenmanage_poll_changed_domain, int(xenmanage_handle *, unsigned int *, unsigned int *,
                                      unsigned int *, uint64_t *));
IS(xenmanage_handle, struct xenmanage_handle);

_Static_assert(XENMANAGE_GETDOMSTATE_STATE_EXIST == 1, "value");
_Static_assert(XENMANAGE_GETDOMSTATE_STATE_SHUTDOWN == 2, "value");
_Static_assert(XENMANAGE_GETDOMSTATE_STATE_DYING == 4, "value");
_Static_assert(XENMANAGE_GETDOMSTATE_STATE_DEAD == 8, "value");
_Static_assert(XENMANAGE_GETDOMSTATE_CAP_CONTROL == 1, "value");
_Static_assert(XENMANAGE_GETDOMSTATE_CAP_HARDWARE == 2, "value");
_Static_assert(XENMANAGE_GETDOMSTATE_CAP_XENSTORE == 4, "value");
