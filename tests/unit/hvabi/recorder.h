/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A Xen that accepts everything and writes it down, byte for byte. */
#ifndef HVABI_RECORDER_H
#define HVABI_RECORDER_H

#include "fixture.h"

enum recorded_kind { DOMCTL, SYSCTL, HVM_OP };

struct record {
    enum recorded_kind kind;
    unsigned cmd;
    uint16_t domid;
    uint8_t payload[HVABI_PAYLOAD_SIZE]; /* HVM_OP: the argument's 16 bytes */
};

extern struct record records[32];
extern unsigned nr_records;

/* May change *@domid and @payload as Xen would, and gives the result; NULL: 0 for all. */
typedef int answer_fn(const struct record *record, uint16_t *domid, uint8_t *payload);

/* Xen 4.@minor, from which on all is recorded. What hvabi learns first is not. */
struct fixture *start_recording(unsigned minor, answer_fn *answer);

/* The same release still, with nothing recorded so far. */
void forget_records(void);

/* Expects record @index to be that request, with nothing but zeroes after its @size bytes. */
const uint8_t *assert_recorded(unsigned index, enum recorded_kind kind, unsigned cmd,
                               uint16_t domid, unsigned size);

/* A field in a recorded payload, by the name that Xen 4.@minor has for it; and its absence. */
uint64_t recorded_field(unsigned minor, const char *unit, const char *member,
                        const char *field, const uint8_t *payload);

#endif
