/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recorder.h"

#include <errno.h>
#include <string.h>
#include <xen/xen.h>

#include "harness.h"

struct record records[32];
unsigned nr_records;
static answer_fn *answer;

static int keep(struct record record, const uint8_t *bytes, size_t size, uint16_t *domid,
                uint8_t *payload)
{
    assert_true(nr_records < sizeof(records) / sizeof(records[0]));
    memcpy(record.payload, bytes, size);
    records[nr_records] = record;
    return answer ? answer(&records[nr_records++], domid, payload) : (nr_records++, 0);
}

static int domctl(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user)
{
    (void)user;
    return keep((struct record){.kind = DOMCTL, .cmd = cmd, .domid = *domid}, payload,
                HVABI_PAYLOAD_SIZE, domid, payload);
}

static int sysctl(unsigned cmd, uint8_t *payload, void *user)
{
    uint16_t domid = 0;

    (void)user;
    return keep((struct record){.kind = SYSCTL, .cmd = cmd}, payload, HVABI_PAYLOAD_SIZE,
                &domid, payload);
}

static int hypercall(unsigned op, const uint64_t *arguments, void *user)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)arguments[1];
    uint16_t domid = (uint16_t)(bytes[0] | bytes[1] << 8);

    (void)user;
    assert_int_equal(op, __HYPERVISOR_hvm_op);
    return keep((struct record){.kind = HVM_OP, .cmd = (unsigned)arguments[0], .domid = domid},
                bytes, 16, &domid, bytes);
}

struct fixture *start_recording(unsigned minor, answer_fn *answers)
{
    struct fixture *fixture = start(minor);
    struct hvabi_running running;

    assert_int_equal(xenhvabi_running(fixture->abi.xcall, &running), 0);
    fixture->xen->on_domctl = domctl;
    fixture->xen->on_sysctl = sysctl;
    fixture->xen->on_hypercall = hypercall;
    answer = answers;
    forget_records();
    return fixture;
}

void forget_records(void)
{
    memset(records, 0, sizeof(records));
    nr_records = 0;
}

const uint8_t *assert_recorded(unsigned index, enum recorded_kind kind, unsigned cmd,
                               uint16_t domid, unsigned size)
{
    assert_true(index < nr_records);
    assert_int_equal(records[index].kind, kind);
    assert_int_equal(records[index].cmd, cmd);
    assert_int_equal(records[index].domid, domid);
    for (unsigned i = size; i < HVABI_PAYLOAD_SIZE; i++)
        assert_int_equal(records[index].payload[i], 0);
    return records[index].payload;
}

uint64_t recorded_field(unsigned minor, const char *unit, const char *member,
                        const char *field, const uint8_t *payload)
{
    struct fakefield place = fakerelease_field(minor, unit, member, field);

    if (!place.size)
        fail_msg("4.%u has no %s in %s", minor, field, member);
    return fakerelease_get(payload, place);
}
