/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the bare guest and the test in dom0 agree on. The test is the device model of
 * the ports below: the guest reads there what to do and writes back what came of it.
 */
#ifndef XENLIBS_TESTS_GUEST_PROTOCOL_H
#define XENLIBS_TESTS_GUEST_PROTOCOL_H

#include <stdint.h>

enum {
    ORDER_PORT = 0x5e0,   /* read: a guest_order, with an access's size in bits 8 to 15 */
    ADDRESS_PORT = 0x5e4, /* read: its address, port or vector */
    VALUE_PORT = 0x5e8,   /* read: its value */
    RESULT_PORT = 0x5ec,  /* write: its result */
    LAST_PORT = 0x5ef,
};

enum guest_order {
    ORDER_READ = 1,      /* memory */
    ORDER_WRITE,
    ORDER_IN,            /* a port */
    ORDER_OUT,
    ORDER_COUNT,         /* how often a vector was taken */
    ORDER_ERROR_CODE,    /* of the vector last taken that has one */
    ORDER_FAULT_ADDRESS, /* CR2 */
    ORDER_WAKES,         /* how often the guest woke from S3 since it started */
    ORDER_REST,          /* ask for no order for so many ticks */
};

/*
 * At this address of the guest's memory. The guest touches the ports only while the test
 * wants orders to be asked for: an access that is under way when its server goes would
 * never be answered.
 */
enum { GATE_ADDRESS = 0x9000 };
struct gate {
    uint32_t open;    /* the test's word */
    uint32_t resting; /* the guest's: it has seen that the gate is closed */
};

/* The interrupt controllers' lines come from here on; a tick is line 0. */
enum { FIRST_LINE_VECTOR = 0x20, LINES = 16, TICKS_PER_SECOND = 18 };

#endif
