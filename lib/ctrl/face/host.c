/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "face.h"

int xc_physinfo(xc_interface *xch, void *info)
{
    struct hvabi_physinfo found;

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (xenhvabi_physinfo(&xch->abi, &found)) {
        return xenctrl_failed(xch, "physinfo");
    }
    xenhvabi_encode(face_layout(xenhvabi_physinfo_layouts), &found, info);
    return 0;
}
