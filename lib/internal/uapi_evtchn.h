/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's /dev/xen/evtchn understands. */
#ifndef XENLIBS_UAPI_EVTCHN_H
#define XENLIBS_UAPI_EVTCHN_H

#include <stdint.h>
#include <sys/ioctl.h>

struct uapi_evtchn_bind_virq {
    uint32_t virq;
};
struct uapi_evtchn_bind_interdomain {
    uint32_t remote_domain;
    uint32_t remote_port;
};
struct uapi_evtchn_bind_unbound_port {
    uint32_t remote_domain;
};
struct uapi_evtchn_unbind {
    uint32_t port;
};
struct uapi_evtchn_notify {
    uint32_t port;
};
struct uapi_evtchn_restrict_domid {
    uint16_t domid;
};
struct uapi_evtchn_bind_static {
    uint32_t port;
};

/* The first three return the port. */
#define UAPI_EVTCHN_BIND_VIRQ _IOC(_IOC_NONE, 'E', 0, sizeof(struct uapi_evtchn_bind_virq))
#define UAPI_EVTCHN_BIND_INTERDOMAIN \
    _IOC(_IOC_NONE, 'E', 1, sizeof(struct uapi_evtchn_bind_interdomain))
#define UAPI_EVTCHN_BIND_UNBOUND_PORT \
    _IOC(_IOC_NONE, 'E', 2, sizeof(struct uapi_evtchn_bind_unbound_port))
#define UAPI_EVTCHN_UNBIND _IOC(_IOC_NONE, 'E', 3, sizeof(struct uapi_evtchn_unbind))
#define UAPI_EVTCHN_NOTIFY _IOC(_IOC_NONE, 'E', 4, sizeof(struct uapi_evtchn_notify))
#define UAPI_EVTCHN_RESET _IOC(_IOC_NONE, 'E', 5, 0)
#define UAPI_EVTCHN_RESTRICT_DOMID \
    _IOC(_IOC_NONE, 'E', 6, sizeof(struct uapi_evtchn_restrict_domid))
/* Linux 6.12 and later */
#define UAPI_EVTCHN_BIND_STATIC _IOC(_IOC_NONE, 'E', 7, sizeof(struct uapi_evtchn_bind_static))

/* read(2) and write(2) move at most one page of ports. */
#define UAPI_EVTCHN_PORTS_PER_CALL 1024

_Static_assert(UAPI_EVTCHN_BIND_VIRQ == 0x00044500, "number");
_Static_assert(UAPI_EVTCHN_BIND_INTERDOMAIN == 0x00084501, "number");
_Static_assert(UAPI_EVTCHN_BIND_UNBOUND_PORT == 0x00044502, "number");
_Static_assert(UAPI_EVTCHN_UNBIND == 0x00044503, "number");
_Static_assert(UAPI_EVTCHN_NOTIFY == 0x00044504, "number");
_Static_assert(UAPI_EVTCHN_RESET == 0x00004505, "number");
_Static_assert(UAPI_EVTCHN_RESTRICT_DOMID == 0x00024506, "number");
_Static_assert(UAPI_EVTCHN_BIND_STATIC == 0x00044507, "number");

#endif
