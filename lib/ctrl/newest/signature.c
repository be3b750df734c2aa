/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions whose parameters upstream has changed, as they are in the newest release. */
#include <stddef.h>

#include "flask.h"
#include "livepatch.h"
#include "platform.h"
#include "memshr.h"
#include "shadow_op.h"
#include "xenctrl/changed.h"

#define AT(type, member, offset) \
    _Static_assert(offsetof(type, member) == (offset), "never changes again")

/* Shaped as the newest layouts of hvabi, which fill and read them. */
AT(struct xc_domaininfo, cpu_time, 56);
AT(struct xc_domaininfo, cpupool, 92);
AT(struct xc_domaininfo, arch_config, 104);
_Static_assert(sizeof(struct xc_domaininfo) == 112, "never changes again");
AT(xc_physinfo_t, arch_capabilities, 32);
AT(xc_physinfo_t, total_pages, 40);
AT(xc_physinfo_t, hw_cap, 80);
_Static_assert(sizeof(xc_physinfo_t) == 112, "never changes again");
AT(xc_dominfo_t, nr_pages, 16);
AT(xc_dominfo_t, cpu_time, 56);
AT(xc_dominfo_t, handle, 80);
AT(xc_dominfo_t, gpaddr_bits, 100);
AT(xc_dominfo_t, arch_config, 104);
_Static_assert(sizeof(xc_dominfo_t) == 112, "never changes again");
_Static_assert(sizeof(struct xc_createdomain) == 128, "never changes again");

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

int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t *sid)
{
    return xenctrl_flask_sid_of(xch, buf, sid);
}

int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size,
                        bool force)
{
    return xenctrl_livepatch_upload(xch, name, payload, size, force);
}

int xc_microcode_update(xc_interface *xch, const void *buf, size_t len, unsigned int flags)
{
    return xenctrl_microcode_update(xch, buf, len, flags);
}
