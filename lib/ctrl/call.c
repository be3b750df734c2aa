/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

#include <errno.h>
#include <string.h>

int xenctrl_check_open(xc_interface *xch)
{
    return xch->xcall ? 0 : xenctrl_refused(xch, EBADF, "the interface opened nothing");
}

int xenctrl_check_domid(xc_interface *xch, uint32_t domid)
{
    if (domid > UINT16_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u is no domain id", domid);
    }
    return xenctrl_check_open(xch);
}

int xenctrl_domain_result(xc_interface *xch, int result, const char *operation, uint32_t domid)
{
    return result < 0 ? xenctrl_failed(xch, "%s of domain %u", operation, domid) : result;
}

int xenctrl_result(xc_interface *xch, int result, const char *operation)
{
    return result < 0 ? xenctrl_failed(xch, "%s", operation) : result;
}

static const char *name_of(const struct hvabi_operation *operation)
{
    return operation ? operation->name : "an unknown operation";
}

int xenctrl_domctl(xc_interface *xch, unsigned cmd, uint32_t domid, void *payload, size_t size)
{
    struct hvabi_payload bytes = {{0}};
    uint16_t domain = (uint16_t)domid;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    if (size) {
        memcpy(&bytes, payload, size);
    }
    int result = xenhvabi_domctl(&xch->abi, cmd, &domain, &bytes);
    if (size) {
        memcpy(payload, &bytes, size);
    }
    return xenctrl_domain_result(xch, result, name_of(xenhvabi_find_domctl(cmd)), domid);
}

int xenctrl_sysctl(xc_interface *xch, unsigned cmd, void *payload, size_t size)
{
    struct hvabi_payload bytes = {{0}};

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    memcpy(&bytes, payload, size);
    int result = xenhvabi_sysctl(&xch->abi, cmd, &bytes);
    memcpy(payload, &bytes, size);
    return xenctrl_result(xch, result, name_of(xenhvabi_find_sysctl(cmd)));
}

long xenctrl_hypercall(xc_interface *xch, unsigned op, unsigned cmd, void *argument, size_t size,
                       const char *name)
{
    void *buffer = xenctrl_buffer_copy(xch, argument, size);

    if (!buffer) {
        return -1;
    }
    long result = xencall2L(xch->xcall, op, cmd, ctrl_address(buffer));
    memcpy(argument, buffer, size);
    xenctrl_buffer_done(xch, buffer);
    return result < 0 ? xenctrl_failed(xch, "%s", name) : result;
}

int xenctrl_request(xc_interface *xch, unsigned op, void *request, size_t size,
                    const char *name)
{
    void *buffer = xenctrl_buffer_copy(xch, request, size);

    if (!buffer) {
        return -1;
    }
    int result = xencall1(xch->xcall, op, ctrl_address(buffer));
    memcpy(request, buffer, size);
    xenctrl_buffer_done(xch, buffer);
    return xenctrl_result(xch, result, name);
}

/* ---- buffers ---- */

void *xenctrl_buffer(xc_interface *xch, size_t size)
{
    if (xenctrl_check_open(xch)) {
        return NULL;
    }
    void *buffer = xencall_buffer_get(xch->xcall, size ? size : 1);
    if (!buffer) {
        xenctrl_failed(xch, "a hypercall buffer of %zu bytes", size);
    }
    return buffer;
}

void *xenctrl_buffer_array(xc_interface *xch, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        xenctrl_refused(xch, ENOMEM, "a hypercall buffer of %zu times %zu bytes", count, size);
        return NULL;
    }
    return xenctrl_buffer(xch, bytes);
}

void *xenctrl_buffer_copy(xc_interface *xch, const void *from, size_t size)
{
    void *buffer = xenctrl_buffer(xch, size);

    if (buffer && size) {
        memcpy(buffer, from, size);
    }
    return buffer;
}

void xenctrl_buffer_done(xc_interface *xch, void *buffer)
{
    int saved = errno;

    if (buffer) {
        xencall_buffer_put(xch->xcall, buffer);
    }
    errno = saved;
}
