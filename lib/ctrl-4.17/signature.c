/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "signature.h"

#include "flask.h"
#include "memshr.h"
#include "shadow_op.h"

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

int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t size, uint32_t *sid)
{
    return xenctrl_flask_context_to_sid(xch, buf, size, sid);
}
