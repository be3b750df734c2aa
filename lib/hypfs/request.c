/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "request.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/hypfs.h>

#include "fail.h"

int xenhypfs_request_begin(struct xenhypfs_request *request, xenhypfs_handle *fshdl,
                           const char *path, size_t size)
{
    size_t path_size;

    if (!fshdl)
        return xenlibs_fail(EBADF);
    if (!path)
        return xenlibs_fail(EINVAL);
    path_size = strnlen(path, XEN_HYPFS_MAX_PATHLEN) + 1;
    if (path_size > XEN_HYPFS_MAX_PATHLEN)
        return xenlibs_fail(ENAMETOOLONG);

    request->xcall = fshdl->xcall;
    request->data = xencall_alloc_buffer(fshdl->xcall, size + path_size);
    if (!request->data)
        return -1;
    request->size = size;
    request->path = memcpy(request->data + size, path, path_size);
    request->path_size = path_size;
    return 0;
}

int xenhypfs_request_make(struct xenhypfs_request *request, unsigned int op)
{
    int rc = xencall5(request->xcall, __HYPERVISOR_hypfs_op, op, (uintptr_t)request->path,
                      request->path_size, (uintptr_t)request->data, request->size);

    return rc > 0 ? xenlibs_fail(EPROTO) : rc;
}

void xenhypfs_request_end(struct xenhypfs_request *request)
{
    xencall_free_buffer(request->xcall, request->data);
}
