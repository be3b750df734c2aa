/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each device that standin.c plays answers. Results as of system calls: */
/* a value, or a negative errno. Addresses are the watched program's. */
#ifndef XENLIBS_BENCH_STANDIN_DEVICES_H
#define XENLIBS_BENCH_STANDIN_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum device {
    NO_DEVICE,
    DEVICE_EVTCHN,
    DEVICE_GNTDEV,
    DEVICE_GNTALLOC,
    DEVICE_PRIVCMD,
    DEVICE_HYPERCALL,
    DEVICES
};

/* "evtchn" and so on; NO_DEVICE if there is none of that name. */
enum device standin_find_device(const char *name);

int64_t standin_ioctl(pid_t pid, enum device device, uint64_t request, uint64_t argument);
int64_t standin_evtchn_read(pid_t pid, uint64_t buffer, uint64_t size);

/* gntdev's @offset was mapped at @address. */
void standin_note_mapping(uint64_t address, uint64_t bytes, uint64_t offset);

/* The program's memory; false if it is not all there. */
bool read_program(pid_t pid, void *to, uint64_t from, size_t size);
bool write_program(pid_t pid, uint64_t to, const void *from, size_t size);

#endif
