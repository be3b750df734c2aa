/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loading, forgetting and starting kernels. */
#include <elf.h>
#include <errno.h>
#include <stdbool.h>

#include "fail.h"
#include "segments.h"

static bool is_type(unsigned int type)
{
    return type == XENKEXEC_TYPE_DEFAULT || type == XENKEXEC_TYPE_CRASH;
}

/* 0, or -1 with EINVAL or E2BIG. */
static int check_options(const struct xenkexec_image *image)
{
    const char *bytes = (const char *)image;

    if (!image || image->size < sizeof(*image))
        return xenlibs_fail(EINVAL);
    for (size_t i = sizeof(*image); i < image->size; i++)
        if (bytes[i])
            return xenlibs_fail(E2BIG);
    return 0;
}

static int refuse(xenkexec_handle *hdl, const char *fault)
{
    xenlibs_log(&hdl->log, XTL_ERROR, -1, "%s", fault);
    return xenlibs_fail(EINVAL);
}

static int check_image(xenkexec_handle *hdl, const struct xenkexec_image *image)
{
    if (check_options(image))
        return -1;
    if (!is_type(image->type))
        return refuse(hdl, "an image of an unknown type");
    if (image->machine != EM_X86_64 && image->machine != EM_386)
        return refuse(hdl, "an image for a machine that Xen starts none for");
    if (!image->segments || !image->nr_segments)
        return refuse(hdl, "an image without segments");
    if (image->nr_segments > XENKEXEC_MAX_SEGMENTS)
        return refuse(hdl, "an image of too many segments");
    return xenkexec_check_segments(hdl, image);
}

/* A request that consists of the type: xen_kexec_unload_t, xen_kexec_status_t. */
static long ask_about(xenkexec_handle *hdl, unsigned cmd, unsigned int type)
{
    uint8_t request = (uint8_t)type;

    return xenkexec_ask(hdl, __HYPERVISOR_kexec_op, cmd, &request, sizeof(request));
}

/*
 * What Xen tells as the status is the one of its two places that the kernel would be
 * in, and each load and unload goes on to the other. So it is wrong from a second load
 * on, until there is another; and to be seen after each request whether it needs one.
 */
static bool tells_otherwise(xenkexec_handle *hdl, unsigned int type, bool is_loaded)
{
    return ask_about(hdl, KEXEC_CMD_kexec_status, type) == !is_loaded;
}

static long send_load(xenkexec_handle *hdl, const struct xenkexec_image *image,
                      xen_kexec_segment_t *segments)
{
    xen_kexec_load_t request = {.type = (uint8_t)image->type,
                                .arch = (uint16_t)image->machine,
                                .nr_segments = (uint32_t)image->nr_segments,
                                .entry_maddr = image->entry};

    set_xen_guest_handle_raw(request.segments.h, segments);
    return xenkexec_ask(hdl, __HYPERVISOR_kexec_op, KEXEC_CMD_kexec_load, &request,
                        sizeof(request));
}

static int load(xenkexec_handle *hdl, const struct xenkexec_image *image)
{
    xen_kexec_segment_t *segments = xenkexec_take_segments(hdl, image);
    long result;

    if (!segments)
        return -1;
    result = send_load(hdl, image, segments);
    if (result >= 0 && tells_otherwise(hdl, image->type, true) &&
        send_load(hdl, image, segments) < 0)
        xenlibs_log(&hdl->log, XTL_WARN, errno, "the kernel is loaded, but Xen tells otherwise");
    xenkexec_drop_segments(hdl, segments, image->nr_segments);
    return result < 0 ? -1 : 0;
}

int xenkexec_load(xenkexec_handle *hdl, const struct xenkexec_image *image)
{
    int saved = errno;

    if (!hdl)
        return xenlibs_fail(EINVAL);
    if (check_image(hdl, image))
        return -1;
    if (load(hdl, image))
        return xenkexec_failed(hdl);
    errno = saved;
    return 0;
}

int xenkexec_unload(xenkexec_handle *hdl, unsigned int type)
{
    int saved = errno;

    if (!hdl || !is_type(type))
        return xenlibs_fail(EINVAL);
    if (ask_about(hdl, KEXEC_CMD_kexec_unload, type) < 0)
        return xenkexec_failed(hdl);
    if (tells_otherwise(hdl, type, false))
        ask_about(hdl, KEXEC_CMD_kexec_unload, type);
    errno = saved;
    return 0;
}

int xenkexec_status(xenkexec_handle *hdl, unsigned int type)
{
    long result;

    if (!hdl || !is_type(type))
        return xenlibs_fail(EINVAL);
    result = ask_about(hdl, KEXEC_CMD_kexec_status, type);
    return result < 0 ? xenkexec_failed(hdl) : result > 0;
}

int xenkexec_exec(xenkexec_handle *hdl, unsigned int type)
{
    xen_kexec_exec_t request = {.type = (int)type};

    if (!hdl || !is_type(type))
        return xenlibs_fail(EINVAL);
    if (xenkexec_ask(hdl, __HYPERVISOR_kexec_op, KEXEC_CMD_kexec, &request, sizeof(request)) < 0)
        return xenkexec_failed(hdl);
    return xenlibs_fail(EIO);
}
