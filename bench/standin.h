/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Plays the devices under /dev/xen for a program that count-syscalls watches.
 *
 * A device is opened as /dev/zero, so that mapping it gives shared memory; its
 * ioctls, reads and writes never reach the kernel: their results are set here.
 * All succeed. Event channels work within one process: a notify makes the bound
 * port at the other end pending. Mappings survive when the program is let go.
 */
#ifndef XENLIBS_BENCH_STANDIN_H
#define XENLIBS_BENCH_STANDIN_H

#include <stdint.h>
#include <sys/types.h>

/* /dev/xen/@name is not there. */
void standin_remove_device(const char *name);

/* The program begins a system call. */
void standin_enter_call(pid_t pid, uint64_t number, const uint64_t *args);

/* It ends one, with @result or a negative errno. */
void standin_leave_call(pid_t pid, int64_t result);

#endif
