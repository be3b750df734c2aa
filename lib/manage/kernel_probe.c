/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel knows: it is asked to undo what was never done. */
#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "device.h"
#include "feature_probe.h"
#include "handle.h"
#include "state.h"
#include "uapi_evtchn.h"
#include "uapi_gntdev.h"
#include "uapi_privcmd.h"

enum { NO_FD = -1, NO_PORT = -1, NO_DEVICE = -1 };

static int knows(int fd, unsigned long request, void *argument)
{
    int rc;

    do
        rc = ioctl(fd, request, argument);
    while (rc < 0 && errno == EINTR);
    return rc >= 0 || (errno != ENOTTY && errno != ENOSYS && errno != EOPNOTSUPP);
}

/* A restricted privcmd knows nothing at all. */
static int privcmd_knows(xenmanage_handle *hdl, unsigned long request, void *argument)
{
    if (knows(xencall_fd(hdl->call), request, argument))
        return 1;
    return xenmanage_is_restricted(&hdl->abi) ? -1 : 0;
}

int xenmanage_probe_irqfd(xenmanage_handle *hdl)
{
    struct uapi_privcmd_irqfd irqfd = {.fd = (uint32_t)NO_FD,
                                       .flags = UAPI_PRIVCMD_IRQFD_DEASSIGN};

    return privcmd_knows(hdl, UAPI_PRIVCMD_IRQFD, &irqfd);
}

int xenmanage_probe_ioeventfd(xenmanage_handle *hdl)
{
    struct uapi_privcmd_ioeventfd ioeventfd = {.event_fd = (uint32_t)NO_FD,
                                               .flags = UAPI_PRIVCMD_IOEVENTFD_DEASSIGN};

    return privcmd_knows(hdl, UAPI_PRIVCMD_IOEVENTFD, &ioeventfd);
}

int xenmanage_probe_pcidev_gsi(xenmanage_handle *hdl)
{
    struct uapi_privcmd_pcidev_get_gsi device = {.sbdf = (uint32_t)NO_DEVICE};

    return privcmd_knows(hdl, UAPI_PRIVCMD_PCIDEV_GET_GSI, &device);
}

/* A device that is not there has no features. */
static int device_knows(const char *path, unsigned long request, void *argument)
{
    int fd = xenlibs_device_open(path, 0), known;

    if (fd < 0)
        return errno == ENOENT || errno == ENXIO || errno == ENODEV ? 0 : -1;
    known = knows(fd, request, argument);
    xenlibs_device_close_quietly(fd);
    return known;
}

/* The port is larger than any, so it is bound to nothing. */
int xenmanage_probe_bind_static(xenmanage_handle *hdl)
{
    struct uapi_evtchn_bind_static bind = {.port = (uint32_t)NO_PORT};

    (void)hdl;
    return device_knows(XENLIBS_DEVICE_EVTCHN, UAPI_EVTCHN_BIND_STATIC, &bind);
}

int xenmanage_probe_dmabuf(xenmanage_handle *hdl)
{
    struct uapi_gntdev_dmabuf_imp_release release = {.fd = (uint32_t)NO_FD};

    (void)hdl;
    return device_knows(XENLIBS_DEVICE_GNTDEV, UAPI_GNTDEV_DMABUF_IMP_RELEASE, &release);
}
