/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "signature.h"

#include <errno.h>

#include "flask.h"
#include "livepatch.h"
#include "memshr.h"
#include "operation.h"
#include "permission.h"
#include "platform.h"
#include "shadow_op.h"

#if XENCTRL_FACE >= 0x4000f

int xc_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop, unsigned int *mb,
                      unsigned int mode)
{
    return xenctrl_shadow_control(xch, domid, sop, mb, mode);
}

int xc_memshr_fork_reset(xc_interface *xch, uint32_t forked_domain, bool reset_state,
                         bool reset_memory)
{
    return xenctrl_memshr_fork_reset(xch, forked_domain, reset_state, reset_memory);
}

int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq,
                             bool allow_access)
{
    return xenctrl_irq_permission(xch, domid, pirq, allow_access);
}

#else

/* The bitmap is the caller's own hypercall buffer: Xen writes where it is read. */
int xc_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop,
                      xc_hypercall_buffer_t *dirty_bitmap, unsigned long pages,
                      unsigned long *mb, uint32_t mode, xc_shadow_op_stats_t *stats)
{
    struct ctrl_shadow_op request = {.op = sop, .mode = mode, .pages = pages,
                                     .mb = mb ? (uint32_t)*mb : 0};

    if (dirty_bitmap) {
        xc_hypercall_buffer_t *real = dirty_bitmap->param_shadow ? dirty_bitmap->param_shadow
                                                                 : dirty_bitmap;
        request.dirty_bitmap = ctrl_address(real->hbuf);
    }
    int result = xenctrl_shadow_op(xch, domid, &request);
    if (result < 0) {
        return -1;
    }
    if (stats) {
        *stats = (xc_shadow_op_stats_t){request.fault_count, request.dirty_count};
    }
    if (mb) {
        *mb = request.mb;
    }
    return result ? result : (int)request.pages;
}

/* A fork's state and its memory. */
int xc_memshr_fork_reset(xc_interface *xch, uint32_t forked_domain)
{
    return xenctrl_memshr_fork_reset(xch, forked_domain, true, true);
}

int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint8_t pirq,
                             uint8_t allow_access)
{
    return xenctrl_irq_permission(xch, domid, pirq, allow_access != 0);
}

int xc_domain_disable_migrate(xc_interface *xch, uint32_t domid)
{
    struct {
        uint32_t disable;
    } request = {1};

    return xenctrl_domctl(xch, CTRL_DOMCTL_DISABLE_MIGRATE, domid, CTRL_PAYLOAD(request));
}

/*
 * Xen built without 32-bit PV guests has no table of frames for them. That release's
 * libxenguest wants its first frame before it saves any PV guest: there is none.
 */
static bool has_no_frame(struct xen_machphys_mfn_list *list)
{
    xen_pfn_t *frames = list->extent_start.p;

    if (!frames || list->max_extents == 0) {
        return false;
    }
    frames[0] = ~(xen_pfn_t)0;
    list->nr_extents = 1;
    return true;
}

long do_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len)
{
    long result = xc_memory_op(xch, cmd, arg, len);

    if (result < 0 && errno == EOPNOTSUPP && cmd == XENMEM_machphys_compat_mfn_list &&
        len == sizeof(struct xen_machphys_mfn_list) && has_no_frame(arg)) {
        return 0;
    }
    return result;
}

#endif

#if XENCTRL_FACE >= 0x40014

int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size,
                        bool force)
{
    return xenctrl_livepatch_upload(xch, name, payload, size, force);
}

int xc_microcode_update(xc_interface *xch, const void *buf, size_t len, unsigned int flags)
{
    return xenctrl_microcode_update(xch, buf, len, flags);
}

#else

int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size)
{
    return xenctrl_livepatch_upload(xch, name, payload, size, false);
}

int xc_microcode_update(xc_interface *xch, const void *buf, size_t len)
{
    return xenctrl_microcode_update(xch, buf, len, 0);
}

#endif

#if XENCTRL_FACE >= 0x40015

int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t *sid)
{
    return xenctrl_flask_sid_of(xch, buf, sid);
}

#else

int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t size, uint32_t *sid)
{
    return xenctrl_flask_context_to_sid(xch, buf, size, sid);
}

#endif
