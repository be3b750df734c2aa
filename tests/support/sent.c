/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sent.h"

#include <errno.h>
#include <string.h>
#include <xen/xen.h>

#include "harness.h"

struct sent sent;
unsigned requests, running_minor;
struct recorded_log logged = RECORDED_LOG;
static answer_fn *answer;

/* ---- what Xen does ---- */

void set_field(unsigned minor, const char *unit, const char *member, const char *field,
               uint8_t *payload, uint64_t value)
{
    struct fakefield place = fakerelease_field(minor, unit, member, field);

    if (!place.size)
        fail_msg("no field %s of %s in 4.%u", field, member, minor);
    fakerelease_put(payload, place, value);
}

void *address_in(unsigned minor, const char *unit, const char *member, const char *field,
                 const uint8_t *payload)
{
    return (void *)(uintptr_t)fakerelease_get(payload,
                                              fakerelease_field(minor, unit, member, field));
}

static int record(const char *unit, unsigned op, uint16_t *domid, uint8_t *payload)
{
    requests++;
    sent = (struct sent){.unit = unit, .op = op, .domid = *domid};
    memcpy(sent.payload, payload, sizeof(sent.payload));
    int result = answer ? answer(&sent, payload) : 0;
    *domid = sent.domid;
    return result;
}

enum { GETDOMAININFO = 5, PHYSINFO = 3 };

static int domctl(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user)
{
    (void)user;
    if (cmd == GETDOMAININFO && *domid == DOMID_INVALID)
        return -ESRCH; /* a question about the release */
    return record("xen_domctl", cmd, domid, payload);
}

static void describe_host(uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "physinfo";

    fakerelease_fill(running_minor, unit, member, 0, payload);
    set_field(running_minor, unit, member, "max_cpu_id", payload, HOST_CPUS - 1);
    set_field(running_minor, unit, member, "nr_cpus", payload, HOST_ONLINE);
    set_field(running_minor, unit, member, "max_node_id", payload, HOST_NODES - 1);
}

static int sysctl(unsigned cmd, uint8_t *payload, void *user)
{
    uint16_t no_domain = 0;

    (void)user;
    if (cmd == UINT32_MAX)
        return -ENOSYS; /* a question about the release */
    if (cmd == PHYSINFO) {
        describe_host(payload);
        return 0;
    }
    return record("xen_sysctl", cmd, &no_domain, payload);
}

static int hypercall(unsigned op, const uint64_t *arguments, void *user)
{
    uint8_t *memory = (uint8_t *)(uintptr_t)arguments[1];

    (void)user;
    requests++;
    sent = (struct sent){.op = op};
    memcpy(sent.arguments, arguments, sizeof(sent.arguments));
    if (arguments[1] > 0x10000)
        memcpy(sent.memory, memory, sizeof(sent.memory));
    return answer ? answer(&sent, memory) : 0;
}

/* ---- what it is compared with ---- */

void assert_sent_payload(unsigned minor, const char *unit, unsigned op, const char *member,
                         const struct expected *fields)
{
    uint8_t wanted[128] = {0};

    assert_non_null(sent.unit);
    assert_string_equal(sent.unit, unit);
    assert_int_equal(sent.op, op);
    for (; fields->field; fields++) {
        struct fakefield place = fakerelease_field(minor, unit, member, fields->field);
        uint64_t value = fields->value;

        if (!place.size)
            fail_msg("no field %s of %s in 4.%u", fields->field, member, minor);
        if (value == AN_ADDRESS) {
            value = fakerelease_get(sent.payload, place);
            assert_true(value != 0);
        }
        fakerelease_put(wanted, place, value);
    }
    assert_memory_equal(sent.payload, wanted, sizeof(wanted));
}

void assert_bare_domctl(unsigned op, unsigned domid)
{
    static const uint8_t nothing[128];

    assert_string_equal(sent.unit, "xen_domctl");
    assert_int_equal(sent.op, op);
    assert_int_equal(sent.domid, domid);
    assert_memory_equal(sent.payload, nothing, sizeof(nothing));
}

void assert_sent_struct(unsigned hypercall, unsigned cmd, unsigned size,
                        const struct bytes_at *fields)
{
    uint8_t wanted[sizeof(sent.memory)] = {0};

    assert_null(sent.unit);
    assert_int_equal(sent.op, hypercall);
    assert_int_equal(sent.arguments[0], cmd);
    for (; fields->size; fields++) {
        uint64_t value = fields->value;

        if (value == AN_ADDRESS) {
            memcpy(&value, sent.memory + fields->offset, sizeof(value));
            assert_true(value != 0);
        }
        memcpy(wanted + fields->offset, &value, fields->size);
    }
    assert_memory_equal(sent.memory, wanted, size);
}

void *sent_pointer(size_t offset)
{
    void *pointer;

    memcpy(&pointer, sent.memory + offset, sizeof(pointer));
    assert_non_null(pointer);
    return pointer;
}

/* ---- the start ---- */

void answer_with(answer_fn *wanted)
{
    answer = wanted;
}

void sent_start(unsigned minor)
{
    struct fakerelease *xen = fakerelease_start(minor);

    running_minor = minor;
    xen->on_domctl = domctl;
    xen->on_sysctl = sysctl;
    xen->on_hypercall = hypercall;
    answer = NULL;
    logged = (struct recorded_log)RECORDED_LOG;
    requests = 0;
}
