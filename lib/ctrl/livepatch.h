/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_LIVEPATCH_IMPL_H
#define XENCTRL_LIVEPATCH_IMPL_H

#include "call.h"
#include "xenctrl/livepatch.h"

/* XEN_SYSCTL_LIVEPATCH_* */
enum {
    CTRL_LIVEPATCH_UPLOAD = 0,
    CTRL_LIVEPATCH_GET = 1,
    CTRL_LIVEPATCH_LIST = 2,
    CTRL_LIVEPATCH_ACTION = 3,
};

struct ctrl_livepatch_name {
    ctrl_u64 name;
    uint16_t size;
    uint16_t pad[3];
};

struct ctrl_livepatch {
    uint32_t cmd;
    uint32_t flags; /* 0 up to 4.18 */
    union {
        struct {
            struct ctrl_livepatch_name name;
            ctrl_u64 size;
            ctrl_u64 payload;
        } upload;
        struct {
            uint32_t version; /* changes with the list */
            uint32_t idx;
            uint32_t nr; /* in: room; out: how many remain */
            uint32_t pad;
            uint32_t name_total_size; /* of those that were told, or of all; since 4.21 in */
            uint32_t metadata_total_size;
            ctrl_u64 status;
            ctrl_u64 name;
            ctrl_u64 len;
            ctrl_u64 metadata;
            ctrl_u64 metadata_len;
        } list;
        struct {
            struct ctrl_livepatch_name name;
            xen_livepatch_status_t status;
        } get;
        struct {
            struct ctrl_livepatch_name name;
            uint32_t cmd;
            uint32_t timeout;
            uint32_t flags;
            uint32_t pad;
        } action;
    } u;
};
_Static_assert(sizeof(struct ctrl_livepatch) == 72, "as on every release");

/* 0 or more, or -1 with errno. */
int xenctrl_livepatch(xc_interface *xch, struct ctrl_livepatch *request);

/* xc_livepatch_upload(), whose parameters differ between releases. */
int xenctrl_livepatch_upload(xc_interface *xch, const char *name, const unsigned char *payload,
                             uint32_t size, bool force);

#endif
