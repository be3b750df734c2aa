/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_FLASK_IMPL_H
#define XENCTRL_FLASK_IMPL_H

#include "xenctrl/flask.h"

/*
 * The number of a label, whose text has @size bytes, with or without a zero byte; the
 * second form: as long as it is. 0, or -1 with errno.
 */
int xenctrl_flask_context_to_sid(xc_interface *xch, const char *text, uint32_t size,
                                 uint32_t *sid);
int xenctrl_flask_sid_of(xc_interface *xch, const char *text, uint32_t *sid);

#endif
