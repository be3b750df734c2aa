/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name that xenstore_lib.h had until Xen 4.2. */
#include <xenstore_lib.h>
