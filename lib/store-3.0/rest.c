/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenstore.h"

/*
 * All that xenstore.h declares comes from libxenstore.so.4. Nothing here calls it, and a
 * linker leaves out a library that it sees no use of: so this is one.
 */
static struct xs_handle *(*const rest)(unsigned long flags) __attribute__((used)) = xs_open;
