/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers that a program declared, and the copying to and from them that
 * upstream's libxenguest asks for by itself.
 */
#ifndef XENCTRL_BUFFER_IMPL_H
#define XENCTRL_BUFFER_IMPL_H

#include "xenctrl/buffer.h"

/* xc_hypercall_buffer.dir */
enum {
    CTRL_BOUNCE_NONE = 0,
    CTRL_BOUNCE_IN = 1,  /* the hypercall reads it */
    CTRL_BOUNCE_OUT = 2, /* writes it */
    CTRL_BOUNCE_BOTH = 3,
};

/*
 * Before the hypercall: allocate @b's memory and copy in what its ubuf holds;
 * nothing for NULL or no bytes. Return: 0, or -1 with errno as
 * xc__hypercall_buffer_alloc(). After it: copy out and free. Keeps errno.
 */
int xc__hypercall_bounce_pre(xc_interface *xch, xc_hypercall_buffer_t *b);
void xc__hypercall_bounce_post(xc_interface *xch, xc_hypercall_buffer_t *b);

#endif
