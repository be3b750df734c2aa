/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hvabi: unstable operations, on whatever Xen is running. What differs between
 * Xen's releases is known in this folder and nowhere else.
 *
 * A library that makes such operations keeps one struct hvabi in its handle and
 * calls the functions of this header and of domain_info.h and its neighbours.
 * It adds hvabi_sources to its lib_sources, since each library is complete in
 * itself; what is known of the running Xen is then known once per library.
 *
 * An operation that the running release does not have, or a request that it has
 * no way to express, fails with ENOTSUP before anything is sent, and says so
 * once per handle and operation through the logger. What can be sent fails with
 * Xen's errno; EACCES and EPERM then mean permission, never a version.
 *
 * Threads: all functions are safe, as far as the caller's arguments are its own.
 * Blocking: as long as Xen takes. Fork: as xencall_open() says.
 */
#ifndef XENHVABI_HVABI_H
#define XENHVABI_HVABI_H

#include <stdatomic.h>
#include <stdint.h>

#include "library_log.h"
#include "operations.h"
#include "running.h"
#include "transport.h"

struct hvabi {
    xencall_handle *xcall;   /* borrowed */
    struct xenlibs_log *log; /* borrowed */
    _Atomic uint32_t said[HVABI_OPERATIONS_MAX / 32]; /* operations spoken of */
};

void xenhvabi_init(struct hvabi *abi, xencall_handle *xcall, struct xenlibs_log *log);

/*
 * Make the request numbered @cmd in the layout of the running release; its
 * answer replaces @payload, and the domain that Xen names replaces *@domid.
 * Operations whose layout ever changed have functions of their own, which end
 * here.
 *
 * Return: what Xen returned, or -1 with errno: as xenhvabi_running(), and
 *   ENOTSUP  this release does not have the operation; or its interface is
 *            newer than what this library knows
 *   others   are Xen's
 */
int xenhvabi_domctl(struct hvabi *abi, unsigned cmd, uint16_t *domid,
                    struct hvabi_payload *payload);
int xenhvabi_sysctl(struct hvabi *abi, unsigned cmd, struct hvabi_payload *payload);

/* The same domctl for those that answer with their result alone: @size bytes of payload. */
int xenhvabi_order(struct hvabi *abi, unsigned cmd, uint16_t domid, const void *payload,
                   size_t size);

/*
 * Is the operation numbered @cmd there, or the stable one HVABI_OTHER_*? For whoever
 * has another way if it is not: nothing is logged.
 *
 * Return: 1, 0, or -1 with errno as xenhvabi_running().
 */
int xenhvabi_has_domctl(struct hvabi *abi, unsigned cmd);
int xenhvabi_has_sysctl(struct hvabi *abi, unsigned cmd);
int xenhvabi_has_other(struct hvabi *abi, unsigned other);

/*
 * May the stable hypercall HVABI_OTHER_* be made? 0, or -1 with errno as
 * xenhvabi_running(), or ENOTSUP, having said which release it came in.
 */
int xenhvabi_check_other(struct hvabi *abi, unsigned other);

/*
 * The release whose layouts and rules hold for the operation numbered @cmd; 0
 * if it cannot be made, with errno as above.
 */
unsigned xenhvabi_domctl_release(struct hvabi *abi, unsigned cmd);
unsigned xenhvabi_sysctl_release(struct hvabi *abi, unsigned cmd);

/* Does @quirk hold on the running Xen? 1, 0, or -1 with errno as xenhvabi_running(). */
int xenhvabi_quirk(struct hvabi *abi, enum hvabi_quirk quirk);

/*
 * Refuse: set errno to ENOTSUP, and say why unless @operation was spoken of
 * before. Return -1.
 */
int xenhvabi_refuse(struct hvabi *abi, const struct hvabi_operation *operation,
                    const char *format, ...) XTL_PRINTF_FORMAT(3, 4);

/*
 * Writes @canonical, @size bytes, in the layout that @operation has on @release.
 *
 * Return: 0; or -1 with ENOTSUP, having said which field, if it holds a value
 * that this layout has no room for.
 */
int xenhvabi_encode_request(struct hvabi *abi, const struct hvabi_operation *operation,
                            unsigned release, const void *canonical, size_t size,
                            struct hvabi_payload *payload);

#endif
