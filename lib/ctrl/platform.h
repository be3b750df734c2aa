/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_PLATFORM_IMPL_H
#define XENCTRL_PLATFORM_IMPL_H

#include "xenctrl/platform.h"

/* xc_microcode_update(), whose parameters differ between releases. */
int xenctrl_microcode_update(xc_interface *xch, const void *buf, size_t len, unsigned flags);

#endif
