/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Labels of the host's resources: Xen calls them object contexts, by kind and range. */
#include "call.h"
#include "flask.h"

enum resource { PIRQ = 1, IOPORT = 2, IOMEM = 3, DEVICE = 4 };

static int add_label(xc_interface *xch, enum resource kind, uint64_t low, uint64_t high,
                     const char *label)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_ADD_OCONTEXT);
    request.u.ocontext.ocon = kind;
    request.u.ocontext.low = low;
    request.u.ocontext.high = high;
    return xenctrl_flask_sid_of(xch, label, &request.u.ocontext.sid)
               ? -1
               : xc_flask_op(xch, &request);
}

static int remove_label(xc_interface *xch, enum resource kind, uint64_t low, uint64_t high)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_DEL_OCONTEXT);
    request.u.ocontext.ocon = kind;
    request.u.ocontext.low = low;
    request.u.ocontext.high = high;
    return xc_flask_op(xch, &request);
}

int xc_flask_add_pirq(xc_interface *xch, unsigned int pirq, char *scontext)
{
    return add_label(xch, PIRQ, pirq, pirq, scontext);
}

int xc_flask_add_ioport(xc_interface *xch, unsigned long low, unsigned long high,
                        char *scontext)
{
    return add_label(xch, IOPORT, low, high, scontext);
}

int xc_flask_add_iomem(xc_interface *xch, unsigned long low, unsigned long high,
                       char *scontext)
{
    return add_label(xch, IOMEM, low, high, scontext);
}

int xc_flask_add_device(xc_interface *xch, unsigned long device, char *scontext)
{
    return add_label(xch, DEVICE, device, device, scontext);
}

int xc_flask_del_pirq(xc_interface *xch, unsigned int pirq)
{
    return remove_label(xch, PIRQ, pirq, pirq);
}

int xc_flask_del_ioport(xc_interface *xch, unsigned long low, unsigned long high)
{
    return remove_label(xch, IOPORT, low, high);
}

int xc_flask_del_iomem(xc_interface *xch, unsigned long low, unsigned long high)
{
    return remove_label(xch, IOMEM, low, high);
}

int xc_flask_del_device(xc_interface *xch, unsigned long device)
{
    return remove_label(xch, DEVICE, device, device);
}
