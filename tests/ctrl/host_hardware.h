/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every PC has that a domain may be given without harm, and how it is seen there. */
#ifndef XENLIBS_TESTS_CTRL_HOST_HARDWARE_H
#define XENLIBS_TESTS_CTRL_HOST_HARDWARE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    HALT = 0xf4,
    FIRMWARE_FRAME = 0xfffff, /* the host's, ends where a processor begins */
    RESET_VECTOR = 0xff0,     /* within it */
    GUEST_FRAME = 0x200,
    KEYBOARD_STATUS = 0x64, /* every PC has it, and reading it changes nothing */
    GUEST_PORT = 0x1092,
    FREE_GSI = 5,
    NO_DEVICE = 0xff00, /* bus ff, where nothing is */
};
#define NOTHING_THERE UINT32_MAX

/* Xen lists @range among what the domain has a right to, or does not; as "I/O Ports", " 64-66". */
void assert_has_right(uint32_t domid, const char *kind, const char *range, bool wanted);

/* Tiny domains that read the firmware at GUEST_FRAME, or the port GUEST_PORT. */
uint32_t frame_reader(void);
uint32_t port_reader(void);

/* Runs the domain, and tells what it read. */
uint32_t what_it_sees(uint32_t domid);

#endif
