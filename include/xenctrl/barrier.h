/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order of reads and writes of memory shared with a domain: none moves from one side
 * of xen_mb() to the other; of xen_rmb() no read, of xen_wmb() no write. xen_barrier() is
 * for the compiler alone. Xen's headers of rings (<xen/io/ring.h>) use them.
 */
#ifndef XENCTRL_BARRIER_H
#define XENCTRL_BARRIER_H

#define xen_barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define xen_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define xen_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define xen_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)

#endif
