/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_dm_op.h"

enum { MAX_FDS = 1024, MAX_BUFFERS = 16 };

struct fake_request fake_requests[FAKE_MAX_REQUESTS];
unsigned fake_request_count;
unsigned char fake_data[FAKE_MAX_DATA];
fake_xen_fn *fake_xen;
fake_other_fn *fake_other_hypercall;
size_t fake_buffer_limit = 4096;

static uint16_t restricted_to[MAX_FDS]; /* by descriptor; 0: not */

static int answer(int errnoval)
{
    errno = errnoval;
    return -1;
}

/* One operation reaches Xen. */
static int perform(bool by_hypercall, uint16_t dom, unsigned num, void *const data[],
                   const size_t size[])
{
    struct fake_request *request = &fake_requests[fake_request_count++ % FAKE_MAX_REQUESTS];
    int failure;

    memset(request, 0, sizeof(*request));
    request->by_hypercall = by_hypercall;
    request->dom = dom;
    request->num = num;
    memcpy(request->size, size, sizeof(request->size));
    assert_true(num == 1 || num == 2);
    assert_true(size[0] <= sizeof(request->op));
    memcpy(&request->op, data[0], size[0]);
    assert_true(size[1] <= FAKE_MAX_DATA);
    if (size[1])
        memcpy(fake_data, data[1], size[1]);
    failure = fake_xen ? fake_xen(data[0], data[1], size[1]) : 0;
    return failure ? answer(failure) : 0;
}

static int dm_op_ioctl(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_dm_op *call = argument;
    void *data[2] = {NULL, NULL};
    size_t size[2] = {0, 0};

    (void)user;
    if (restricted_to[fd] && restricted_to[fd] != call->dom)
        return answer(EPERM);
    if (!call->num)
        return 0;
    if (call->num > MAX_BUFFERS)
        return answer(E2BIG);
    for (unsigned i = 0; i < call->num && i < 2; i++) {
        if (call->ubufs[i].size > fake_buffer_limit)
            return answer(E2BIG);
        /* Linux pins the pages of each buffer, and one without any is a bad address. */
        if (!call->ubufs[i].size)
            return answer(EFAULT);
        data[i] = call->ubufs[i].uptr;
        size[i] = call->ubufs[i].size;
    }
    return perform(false, call->dom, call->num, data, size);
}

static int dm_op_hypercall(const struct uapi_privcmd_hypercall *call)
{
    const xen_dm_op_buf_t *list = (const xen_dm_op_buf_t *)(uintptr_t)call->arg[2];
    void *data[2] = {NULL, NULL};
    size_t size[2] = {0, 0};

    for (unsigned i = 0; i < call->arg[1] && i < 2; i++) {
        data[i] = list[i].h.p;
        size[i] = list[i].size;
    }
    return perform(true, (uint16_t)call->arg[0], (unsigned)call->arg[1], data, size);
}

static int hypercall_ioctl(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_hypercall *call = argument;

    (void)user;
    if (restricted_to[fd])
        return answer(EPERM);
    if (call->op == __HYPERVISOR_dm_op)
        return dm_op_hypercall(call);
    if (!fake_other_hypercall)
        return answer(ENOSYS);
    return fake_other_hypercall((unsigned)call->op, (unsigned)call->arg[0],
                                (void *)(uintptr_t)call->arg[1]);
}

static int restrict_ioctl(int fd, void *argument, void *user)
{
    uint16_t domid = *(const uint16_t *)argument;

    (void)user;
    if (restricted_to[fd] && restricted_to[fd] != domid)
        return answer(EINVAL);
    restricted_to[fd] = domid;
    return 0;
}

void fake_start_without_dm_op(void)
{
    fakexen_add_device(PRIVCMD);
    fakexen_add_device(HYPERCALL);
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, hypercall_ioctl, NULL);
}

void fake_start(void)
{
    fake_start_without_dm_op();
    fakexen_on_ioctl(UAPI_PRIVCMD_DM_OP, dm_op_ioctl, NULL);
    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, restrict_ioctl, NULL);
}

static xendevicemodel_handle *open_handle(void)
{
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);

    assert_non_null(dmod);
    return dmod;
}

xendevicemodel_handle *fake_open(void)
{
    fake_start();
    return open_handle();
}

xendevicemodel_handle *fake_open_without_dm_op(void)
{
    fake_start_without_dm_op();
    return open_handle();
}
