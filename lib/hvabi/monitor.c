/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor.h"

#define FIELD(member, offset) HVABI_FIELD(struct hvabi_monitor, member, offset)

#define COMMON_FIELDS \
    FIELD(op, 0), FIELD(event, 4), FIELD(u.mov_to_cr.index, 8), FIELD(u.mov_to_cr.sync, 9), \
        FIELD(u.mov_to_cr.onchangeonly, 10), FIELD(u.mov_to_cr.bitmask, 16), \
        FIELD(u.mov_to_msr.msr, 8), FIELD(u.mov_to_msr.onchangeonly, 12), \
        FIELD(u.guest_request.sync, 8), FIELD(u.guest_request.allow_userspace, 9), \
        FIELD(u.debug_exception.sync, 8)

static const struct hvabi_field fields_4_14[] = {COMMON_FIELDS};
static const struct hvabi_field fields_4_17[] = {COMMON_FIELDS, FIELD(u.vmexit.sync, 8)};

static const struct hvabi_layout layout_4_14 = HVABI_LAYOUT(24, fields_4_14);
static const struct hvabi_layout layout_4_17 = HVABI_LAYOUT(24, fields_4_17);

const struct hvabi_layout_since xenhvabi_monitor_layouts[] = {
    {HVABI_RELEASE(4, 14), &layout_4_14},
    {HVABI_RELEASE(4, 17), &layout_4_17},
    {0, NULL},
};

static unsigned event_since(uint32_t event)
{
    return event == HVABI_MONITOR_VMEXIT ? HVABI_MONITOR_VMEXIT_SINCE
           : event == HVABI_MONITOR_IO   ? HVABI_MONITOR_IO_SINCE
                                         : HVABI_OLDEST;
}

int xenhvabi_monitor(struct hvabi *abi, uint16_t domid, struct hvabi_monitor *monitor)
{
    unsigned release = xenhvabi_domctl_release(abi, HVABI_DOMCTL_MONITOR_OP);
    unsigned since = event_since(monitor->event);
    struct hvabi_payload payload = {{0}};

    if (!release) {
        return -1;
    }
    if (release < since) {
        return xenhvabi_refuse(abi, xenhvabi_find_domctl(HVABI_DOMCTL_MONITOR_OP),
                               "Xen %u.%u cannot monitor event %u: it came in %u.%u",
                               HVABI_MAJOR(release), HVABI_MINOR(release), monitor->event,
                               HVABI_MAJOR(since), HVABI_MINOR(since));
    }
    const struct hvabi_layout *layout = xenhvabi_layout_of(xenhvabi_monitor_layouts, release);
    xenhvabi_encode(layout, monitor, &payload);
    if (xenhvabi_domctl(abi, HVABI_DOMCTL_MONITOR_OP, &domid, &payload) < 0) {
        return -1;
    }
    xenhvabi_decode(layout, &payload, monitor, sizeof(*monitor));
    return 0;
}
