/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenctrl: control over a Xen host and its domains, for the control domain.
 *
 * One build works on every Xen from 4.14 on: which one is running is found out
 * at run time. The structs of this library are its own and keep their shape for
 * good, whatever Xen does; what a release lacks is reported as 0 when read, and
 * refused with ENOTSUP when asked for. Constants come from <xen/...>.
 *
 * Every function, unless its comment says otherwise:
 *   returns 0, or -1 with errno; pointers: NULL with errno. A sentence is then
 *     found in xc_get_last_error(), and goes to the logger at XTL_DEBUG
 *   EACCES, EPERM  Xen refuses this domain the operation
 *   ESRCH          there is no such domain
 *   EINVAL         an id does not fit into 16 bits; or Xen's reasons
 *   ENOTSUP        this Xen's release does not have the operation; the logger is
 *                  told which does
 *   ENOSYS, EOPNOTSUPP  this Xen was built without it
 *   ENOMEM         out of memory, here or in Xen
 *   EFAULT         a buffer was being moved by the kernel (only where there is no
 *                  /dev/xen/hypercall)
 *   EBADF          the handle was opened with XC_OPENFLAG_DUMMY
 * Threads: safe, unless the handle is XC_OPENFLAG_NON_REENTRANT.
 * Blocking: as long as Xen takes. Fork: a child may only close the handle.
 */
#ifndef XENCTRL_H
#define XENCTRL_H

#include <xenctrl/types.h>

#include <xenctrl/altp2m.h>
#include <xenctrl/barrier.h>
#include <xenctrl/bitmap.h>
#include <xenctrl/buffer.h>
#include <xenctrl/changed.h>
#include <xenctrl/domain.h>
#include <xenctrl/event.h>
#include <xenctrl/flask.h>
#include <xenctrl/handle.h>
#include <xenctrl/host.h>
#include <xenctrl/hvm.h>
#include <xenctrl/kexec.h>
#include <xenctrl/livepatch.h>
#include <xenctrl/memory.h>
#include <xenctrl/monitor.h>
#include <xenctrl/mem_access.h>
#include <xenctrl/mem_paging.h>
#include <xenctrl/memshr.h>
#include <xenctrl/passthrough.h>
#include <xenctrl/platform.h>
#include <xenctrl/power.h>
#include <xenctrl/profile.h>
#include <xenctrl/psr.h>
#include <xenctrl/raw.h>
#include <xenctrl/sched.h>
#include <xenctrl/trace.h>
#include <xenctrl/vcpu.h>
#include <xenctrl_compat.h>

#endif
