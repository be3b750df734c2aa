/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name that xenstore.h had until Xen 4.2. */
#include <xenstore.h>
