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

/* Ours, which only grow at the end from here on. */
#include <stddef.h>

#define LIES_AT(type, member, at) \
    _Static_assert(offsetof(struct type, member) == sizeof(size_t) + (at), #member)

LIES_AT(xenmanage_domain, domid, 0);
LIES_AT(xenmanage_domain, nr_online_vcpus, 20);
LIES_AT(xenmanage_domain, cpu_time_ns, 24);
LIES_AT(xenmanage_domain, shared_info_frame, 72);
LIES_AT(xenmanage_domain, ssidref, 80);
LIES_AT(xenmanage_domain, uuid, 96);
_Static_assert(sizeof(struct xenmanage_domain) == sizeof(size_t) + 112, "size");
LIES_AT(xenmanage_physinfo, nr_cpus, 0);
LIES_AT(xenmanage_physinfo, total_pages, 40);
LIES_AT(xenmanage_physinfo, hw_cap, 80);
_Static_assert(sizeof(struct xenmanage_physinfo) == sizeof(size_t) + 112, "size");
LIES_AT(xenmanage_cpu, idle_time_ns, 0);
_Static_assert(sizeof(struct xenmanage_cpu) == sizeof(size_t) + 8, "size");
LIES_AT(xenmanage_hypervisor, major_version, 0);
LIES_AT(xenmanage_hypervisor, extra_version, 8);
_Static_assert(sizeof(struct xenmanage_hypervisor) == sizeof(size_t) + 24, "size");
