/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests to Xen, as the functions of this folder make them. All of them note
 * what failed (report.h), so that a function returns their result as it is.
 */
#ifndef XENCTRL_CALL_H
#define XENCTRL_CALL_H

#include <string.h>

#include "handle.h"
#include "report.h"

/* Numbers in requests: aligned alike for 32-bit callers. */
typedef uint64_t ctrl_u64 __attribute__((aligned(8)));

/* Payloads are a struct of the operation's own; its name is that in Xen's headers. */
#define CTRL_PAYLOAD(payload) &(payload), sizeof(payload)
#define CTRL_NO_PAYLOAD NULL, 0

/* Requests go out whole: what lies between their fields must not be bytes of the stack. */
#define CTRL_ZERO(request) memset(&(request), 0, sizeof(request))

/*
 * Make the domctl @cmd for @domid, or the sysctl @cmd, with @size bytes of
 * payload, which become the answer. For those whose layout never changed; hvabi
 * has functions for the others.
 *
 * Return: what Xen returned, or -1 with errno.
 */
int xenctrl_domctl(xc_interface *xch, unsigned cmd, uint32_t domid, void *payload, size_t size);
int xenctrl_sysctl(xc_interface *xch, unsigned cmd, void *payload, size_t size);

/* To be called around hvabi's functions: 0, or -1 where the handle opened nothing. */
int xenctrl_check_open(xc_interface *xch);
/* 0, or -1 with EINVAL: no id of a domain, a special one included. */
int xenctrl_check_domid(xc_interface *xch, uint32_t domid);

/* Gives @result on; if it is negative notes that @operation failed for @domid. */
int xenctrl_domain_result(xc_interface *xch, int result, const char *operation, uint32_t domid);
int xenctrl_result(xc_interface *xch, int result, const char *operation);

/*
 * Make the hypercall @op whose arguments are a sub-operation @cmd and a struct of
 * @size bytes, which becomes the answer (memory_op, sched_op, event_channel_op,
 * physdev_op, hvm_op, kexec_op …); @name is for the note. The second form has no
 * sub-operation (platform_op, flask_op, mca).
 *
 * Return: what Xen returned, or -1 with errno.
 */
long xenctrl_hypercall(xc_interface *xch, unsigned op, unsigned cmd, void *argument, size_t size,
                       const char *name);
int xenctrl_request(xc_interface *xch, unsigned op, void *request, size_t size,
                    const char *name);

/* ---- memory for what requests point to ---- */

/*
 * A buffer of @size bytes that Xen can reach, with any content; size 0 gets one as
 * well. NULL with errno, noted. Given back: keeps errno; NULL is nothing.
 */
void *xenctrl_buffer(xc_interface *xch, size_t size);
void xenctrl_buffer_done(xc_interface *xch, void *buffer);

/* The same for @count elements of @size: ENOMEM when they are too many. */
void *xenctrl_buffer_array(xc_interface *xch, size_t count, size_t size);

/* A buffer filled with a copy of @size bytes. */
void *xenctrl_buffer_copy(xc_interface *xch, const void *from, size_t size);

/* As requests hold it. */
static inline uint64_t ctrl_address(const void *buffer)
{
    return (uintptr_t)buffer;
}

#endif
