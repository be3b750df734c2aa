/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "call.h"
#include "xenctrl/event.h"
#include "xenctrl_compat.h"

/* What a grant_table_op says besides its result. */
static int check_status(xc_interface *xch, int result, int16_t status, uint32_t domid)
{
    if (result < 0) {
        return -1;
    }
    if (status != GNTST_okay) {
        return xenctrl_refused(xch, status == GNTST_permission_denied ? EPERM : EINVAL,
                               "the grant table of domain %u (status %d)", domid, status);
    }
    return 0;
}

/* How many pages the table has now; -1 with errno. */
static int frames_of(xc_interface *xch, uint32_t domid)
{
    struct gnttab_query_size query;

    CTRL_ZERO(query);
    query.dom = (domid_t)domid;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xc_gnttab_query_size(xch, &query);
    return check_status(xch, result, query.status, domid) ? -1 : (int)query.nr_frames;
}

/* Which pages they are, at @frames, which Xen can reach. */
static int list_frames(xc_interface *xch, uint32_t domid, int count, xen_pfn_t *frames)
{
    struct gnttab_setup_table setup;

    CTRL_ZERO(setup);
    setup.dom = (domid_t)domid;
    setup.nr_frames = (uint32_t)count;

    set_xen_guest_handle_raw(setup.frame_list, frames);
    int result = xc_gnttab_op(xch, GNTTABOP_setup_table, &setup, sizeof(setup), 1);
    return check_status(xch, result, setup.status, domid);
}

static void *map_table(xc_interface *xch, uint32_t domid, int version, size_t entry,
                       int *gnt_num)
{
    int found = xc_gnttab_get_version(xch, domid);
    void *table = NULL;

    if (found < 0) {
        return NULL;
    }
    if (found != version || !gnt_num) {
        xenctrl_refused(xch, EINVAL, "the grant table of domain %u has version %d", domid, found);
        return NULL;
    }
    int count = frames_of(xch, domid);
    xen_pfn_t *frames =
        count < 0 ? NULL : xenctrl_buffer_array(xch, (size_t)count, sizeof(*frames));
    if (frames && !list_frames(xch, domid, count, frames)) {
        table = xc_map_foreign_pages(xch, domid, PROT_READ, frames, count);
    }
    if (table) {
        *gnt_num = (int)((size_t)count * XC_PAGE_SIZE / entry);
    }
    xenctrl_buffer_done(xch, frames);
    return table;
}

grant_entry_v1_t *xc_gnttab_map_table_v1(xc_interface *xch, uint32_t domid, int *gnt_num)
{
    return map_table(xch, domid, 1, sizeof(grant_entry_v1_t), gnt_num);
}

grant_entry_v2_t *xc_gnttab_map_table_v2(xc_interface *xch, uint32_t domid, int *gnt_num)
{
    return map_table(xch, domid, 2, sizeof(grant_entry_v2_t), gnt_num);
}
