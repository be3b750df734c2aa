/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_FLASK_IMPL_H
#define XENCTRL_FLASK_IMPL_H

#include <string.h>

#include "xenctrl/flask.h"

/* Requests begin with this: what no field holds is 0, whatever the union's other members are. */
static inline void ctrl_flask_begin(xen_flask_op_t *request, uint32_t cmd)
{
    memset(request, 0, sizeof(*request));
    request->cmd = cmd;
}

/*
 * The number of a label, whose text has @size bytes, with or without a zero byte; the
 * second form: as long as it is. 0, or -1 with errno.
 */
int xenctrl_flask_context_to_sid(xc_interface *xch, const char *text, uint32_t size,
                                 uint32_t *sid);
int xenctrl_flask_sid_of(xc_interface *xch, const char *text, uint32_t *sid);

#endif
