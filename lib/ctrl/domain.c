/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/domain.h"

#include <errno.h>
#include <string.h>

#include "call.h"
#include "operation.h"

/* ---- life ---- */

int xc_domain_pause(xc_interface *xch, uint32_t domid)
{
    return xenctrl_domctl(xch, CTRL_DOMCTL_PAUSEDOMAIN, domid, CTRL_NO_PAYLOAD);
}

int xc_domain_unpause(xc_interface *xch, uint32_t domid)
{
    return xenctrl_domctl(xch, CTRL_DOMCTL_UNPAUSEDOMAIN, domid, CTRL_NO_PAYLOAD);
}

int xc_domain_destroy(xc_interface *xch, uint32_t domid)
{
    return xenctrl_domctl(xch, CTRL_DOMCTL_DESTROYDOMAIN, domid, CTRL_NO_PAYLOAD);
}

int xc_domain_soft_reset(xc_interface *xch, uint32_t domid)
{
    return xenctrl_domctl(xch, CTRL_DOMCTL_SOFT_RESET, domid, CTRL_NO_PAYLOAD);
}

int xc_domain_shutdown(xc_interface *xch, uint32_t domid, int reason)
{
    struct sched_remote_shutdown shutdown;

    CTRL_ZERO(shutdown);
    shutdown.domain_id = (domid_t)domid;
    shutdown.reason = (unsigned)reason;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return (int)xenctrl_hypercall(xch, __HYPERVISOR_sched_op, SCHEDOP_remote_shutdown,
                                  CTRL_PAYLOAD(shutdown), "shutting down a domain");
}

int xc_watchdog(xc_interface *xch, uint32_t id, uint32_t timeout)
{
    struct sched_watchdog watchdog;

    CTRL_ZERO(watchdog);
    watchdog.id = id;
    watchdog.timeout = timeout;

    return (int)xenctrl_hypercall(xch, __HYPERVISOR_sched_op, SCHEDOP_watchdog,
                                  CTRL_PAYLOAD(watchdog), "setting a watchdog timer");
}

/* ---- properties ---- */

int xc_domain_max_vcpus(xc_interface *xch, uint32_t domid, unsigned int max)
{
    struct {
        uint32_t max;
    } max_vcpus = {max};

    return xenctrl_domctl(xch, CTRL_DOMCTL_MAX_VCPUS, domid, CTRL_PAYLOAD(max_vcpus));
}

int xc_domain_setmaxmem(xc_interface *xch, uint32_t domid, uint64_t max_memkb)
{
    struct {
        ctrl_u64 max_memkb;
    } max_mem = {max_memkb};

    return xenctrl_domctl(xch, CTRL_DOMCTL_MAX_MEM, domid, CTRL_PAYLOAD(max_mem));
}

int xc_domain_sethandle(xc_interface *xch, uint32_t domid, xen_domain_handle_t handle)
{
    xen_domain_handle_t copy;

    memcpy(copy, handle, sizeof(copy));
    return xenctrl_domctl(xch, CTRL_DOMCTL_SETDOMAINHANDLE, domid, copy, sizeof(copy));
}

int xc_domain_set_target(xc_interface *xch, uint32_t domid, uint32_t target)
{
    uint16_t narrow = (uint16_t)target;

    if (xenctrl_check_domid(xch, target)) {
        return -1;
    }
    return xenctrl_domctl(xch, CTRL_DOMCTL_SET_TARGET, domid, CTRL_PAYLOAD(narrow));
}

int xc_domain_set_time_offset(xc_interface *xch, uint32_t domid, int32_t time_offset_seconds)
{
    int64_t offset = time_offset_seconds;

    return xenctrl_domctl(xch, CTRL_DOMCTL_SETTIMEOFFSET, domid, CTRL_PAYLOAD(offset));
}

struct tsc_info {
    uint32_t tsc_mode;
    uint32_t gtsc_khz;
    uint32_t incarnation;
    uint32_t pad;
    ctrl_u64 elapsed_nsec;
};

int xc_domain_set_tsc_info(xc_interface *xch, uint32_t domid, uint32_t tsc_mode,
                           uint64_t elapsed_nsec, uint32_t gtsc_khz, uint32_t incarnation)
{
    struct tsc_info info = {.tsc_mode = tsc_mode,
                            .gtsc_khz = gtsc_khz,
                            .incarnation = incarnation,
                            .elapsed_nsec = elapsed_nsec};

    return xenctrl_domctl(xch, CTRL_DOMCTL_SETTSCINFO, domid, CTRL_PAYLOAD(info));
}

int xc_domain_get_tsc_info(xc_interface *xch, uint32_t domid, uint32_t *tsc_mode,
                           uint64_t *elapsed_nsec, uint32_t *gtsc_khz, uint32_t *incarnation)
{
    struct tsc_info info = {0};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETTSCINFO, domid, CTRL_PAYLOAD(info));

    if (result >= 0) {
        *tsc_mode = info.tsc_mode;
        *elapsed_nsec = info.elapsed_nsec;
        *gtsc_khz = info.gtsc_khz;
        *incarnation = info.incarnation;
    }
    return result;
}

int xc_domain_subscribe_for_suspend(xc_interface *xch, uint32_t domid, evtchn_port_t port)
{
    struct {
        uint32_t port;
    } subscribe = {port};

    return xenctrl_domctl(xch, CTRL_DOMCTL_SUBSCRIBE, domid, CTRL_PAYLOAD(subscribe));
}

int xc_domain_set_virq_handler(xc_interface *xch, uint32_t domid, int virq)
{
    struct {
        uint32_t virq;
    } handler = {(uint32_t)virq};

    return xenctrl_domctl(xch, CTRL_DOMCTL_SET_VIRQ_HANDLER, domid, CTRL_PAYLOAD(handler));
}

int xc_domain_send_trigger(xc_interface *xch, uint32_t domid, uint32_t trigger, uint32_t vcpu)
{
    struct {
        uint32_t trigger;
        uint32_t vcpu;
    } sendtrigger = {trigger, vcpu};

    return xenctrl_domctl(xch, CTRL_DOMCTL_SENDTRIGGER, domid, CTRL_PAYLOAD(sendtrigger));
}

int xc_domain_setdebugging(xc_interface *xch, uint32_t domid, unsigned int enable)
{
    uint8_t on = enable != 0;

    return xenctrl_domctl(xch, CTRL_DOMCTL_SETDEBUGGING, domid, CTRL_PAYLOAD(on));
}

int xc_domain_debug_control(xc_interface *xch, uint32_t domid, uint32_t sop, uint32_t vcpu)
{
    struct {
        uint32_t op;
        uint32_t vcpu;
    } debug_op = {sop, vcpu};

    return xenctrl_domctl(xch, CTRL_DOMCTL_DEBUG_OP, domid, CTRL_PAYLOAD(debug_op));
}

int xc_domain_set_access_required(xc_interface *xch, uint32_t domid, unsigned int required)
{
    uint8_t on = required != 0;

    return xenctrl_domctl(xch, CTRL_DOMCTL_SET_ACCESS_REQUIRED, domid, CTRL_PAYLOAD(on));
}

/* Xen counts bits. */
int xc_domain_get_guest_width(xc_interface *xch, uint32_t domid, unsigned int *guest_width)
{
    struct {
        uint32_t size;
    } address_size = {0};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GET_ADDRESS_SIZE, domid,
                                CTRL_PAYLOAD(address_size));

    if (result < 0) {
        return -1;
    }
    *guest_width = address_size.size / 8;
    return 0;
}

int xc_dom_vuart_init(xc_interface *xch, uint32_t type, uint32_t domid, uint32_t console_domid,
                      xen_pfn_t gfn, evtchn_port_t *evtchn)
{
    struct {
        uint32_t cmd;
        uint32_t type;
        ctrl_u64 gfn;
        uint16_t console_domid;
        uint8_t pad[2];
        uint32_t evtchn;
    } vuart = {.type = type, .gfn = gfn, .console_domid = (uint16_t)console_domid};

    if (xenctrl_check_domid(xch, console_domid)) {
        return -1;
    }
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_VUART_OP, domid, CTRL_PAYLOAD(vuart));
    if (result >= 0) {
        *evtchn = vuart.evtchn;
    }
    return result;
}

int xc_domain_set_llc_colors(xc_interface *xch, uint32_t domid, const uint32_t *llc_colors,
                             uint32_t num_llc_colors)
{
    struct {
        uint32_t num_llc_colors;
        uint32_t pad;
        ctrl_u64 llc_colors;
    } colors = {.num_llc_colors = num_llc_colors};

    /* A tool stack asks for none wherever it is, which is no error to speak of. */
    if (num_llc_colors == 0 &&
        xenhvabi_has_domctl(&xch->abi, CTRL_DOMCTL_SET_LLC_COLORS) == 0) {
        return xenctrl_refused(xch, ENOTSUP, "domain %u cannot have cache colours here", domid);
    }
    uint32_t *buffer = xenctrl_buffer_array(xch, num_llc_colors, sizeof(*buffer));
    if (!buffer) {
        return -1;
    }
    if (num_llc_colors) {
        memcpy(buffer, llc_colors, num_llc_colors * sizeof(*buffer));
    }
    colors.llc_colors = num_llc_colors ? ctrl_address(buffer) : 0;
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SET_LLC_COLORS, domid, CTRL_PAYLOAD(colors));
    xenctrl_buffer_done(xch, buffer);
    return result;
}
