/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bare guest as a test in dom0 sees it: the test is one of its device models, and
 * tells it what to do. XENLIBS_BARE is its domain number.
 *
 * One at a time. The guest stands still from its last order on until the next, or until
 * the test ends.
 */
#ifndef XENLIBS_TESTS_MACHINE_H
#define XENLIBS_TESTS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define __XEN_TOOLS__ 1 /* the device model's operations */
#include <xen/xen.h>
#include <xen/hvm/ioreq.h>
#include <xendevicemodel.h>

#include "guest_protocol.h"

enum { MIB_PAGES = 256, GUEST_PAGES = 32 * MIB_PAGES, GUEST_VCPUS = 2 };
enum { NOTHING_THERE = 0xffffffff }; /* what a read gives that nobody answers */

/* For cmocka: joins the guest, and leaves it whatever has failed. */
int machine_join(void **state);
int machine_leave(void **state);

domid_t machine_domid(void);
xendevicemodel_handle *machine_dmod(void);
ioservid_t machine_server(void);
volatile struct buffered_iopage *machine_buffered(void); /* writes that wait for no answer */

/* The guest carries out one order. */
uint32_t guest_does(enum guest_order order, uint32_t size, uint32_t address, uint32_t value);

uint32_t guest_reads(uint32_t address);
void guest_writes(uint32_t address, uint32_t value);
void guest_writes_page(uint32_t gfn, uint32_t value);
uint32_t guest_reads_page(uint32_t gfn);
uint32_t guest_count(uint8_t vector);

/* True once the vector has been taken @count times more than @before. */
bool guest_takes(uint8_t vector, uint32_t before, uint32_t count);

/* True if the guest asks for an order within @ms. */
bool guest_asks_within(int ms);

/*
 * The guest's accesses to ranges of the test's own, oldest first. Reads are given
 * what reads_give says.
 */
enum { ACCESSES_KEPT = 16 };
struct accesses {
    unsigned int count;
    struct ioreq kept[ACCESSES_KEPT];
};
const struct accesses *machine_accesses(void);
void reads_give(uint32_t value);

#endif
