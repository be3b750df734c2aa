/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"
#include "uapi_privcmd.h"

static int make(xencall_handle *xcall, struct uapi_privcmd_hypercall call)
{
    return ioctl(xcall->privcmd_fd, UAPI_PRIVCMD_HYPERCALL, &call);
}

int xencall0(xencall_handle *xcall, unsigned int op)
{
    return make(xcall, (struct uapi_privcmd_hypercall){.op = op});
}

void xencall_interpret(xencall_handle *xcall, xencall_interpreter *interpreter, void *data)
{
    xcall->interpreter = interpreter;
    xcall->interpreter_data = data;
}

int xencall1(xencall_handle *xcall, unsigned int op, uint64_t arg1)
{
    int result;

    if (xcall->interpreter && xcall->interpreter(xcall->interpreter_data, op, arg1, &result))
        return result;
    return make(xcall, (struct uapi_privcmd_hypercall){.op = op, .arg = {arg1}});
}

int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2)
{
    return make(xcall, (struct uapi_privcmd_hypercall){.op = op, .arg = {arg1, arg2}});
}

/* The kernel has a long to give, libc's ioctl(2) hands on an int of it. */
long xencall2L(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2)
{
    return make(xcall, (struct uapi_privcmd_hypercall){.op = op, .arg = {arg1, arg2}});
}

int xencall3(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2,
             uint64_t arg3)
{
    return make(xcall,
                (struct uapi_privcmd_hypercall){.op = op, .arg = {arg1, arg2, arg3}});
}

int xencall4(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2,
             uint64_t arg3, uint64_t arg4)
{
    return make(xcall, (struct uapi_privcmd_hypercall){
                           .op = op, .arg = {arg1, arg2, arg3, arg4}});
}

int xencall5(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2,
             uint64_t arg3, uint64_t arg4, uint64_t arg5)
{
    return make(xcall, (struct uapi_privcmd_hypercall){
                           .op = op, .arg = {arg1, arg2, arg3, arg4, arg5}});
}
