/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "signature.h"

#include "flask.h"
#include "livepatch.h"
#include "platform.h"
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

int xc_microcode_update(xc_interface *xch, const void *buf, size_t len)
{
    return xenctrl_microcode_update(xch, buf, len, 0);
}

int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size)
{
    return xenctrl_livepatch_upload(xch, name, payload, size, false);
}
