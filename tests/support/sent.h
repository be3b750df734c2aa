/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A Xen of some release that notes down what it is sent. The fields of requests are
 * found in that release's layouts, and a request is compared as a whole: what no field
 * accounts for is 0.
 */
#ifndef XENLIBS_TESTS_SENT_H
#define XENLIBS_TESTS_SENT_H

#include <stdbool.h>
#include <stdint.h>

#include "fakerelease.h"
#include "recorded_log.h"

#define OLDEST_MINOR 14u
#define NEWEST_MINOR 22u
#define EACH_MINOR(minor) \
    for (unsigned minor = OLDEST_MINOR; minor <= NEWEST_MINOR; minor++)

/* The host that stands behind it. */
enum { HOST_CPUS = 20, HOST_NODES = 2, HOST_ONLINE = 12 };

/*
 * Xen 4.@minor starts. Who has learnt a release before must forget it
 * (xenhvabi_force_release), and is to log to logged.
 */
void sent_start(unsigned minor);

/* What was sent last (questions about the release left out), and how many of these. */
struct sent {
    const char *unit; /* "xen_domctl", "xen_sysctl"; or NULL: another hypercall */
    unsigned op;      /* or its hypercall number */
    uint16_t domid;
    uint8_t payload[128]; /* as it was sent */
    uint64_t arguments[5];
    uint8_t memory[256]; /* what the second argument points to */
};
extern struct sent sent;
extern unsigned requests;

/* What answers from now on: changes the payload (or memory), returns Xen's result. */
typedef int answer_fn(struct sent *request, uint8_t *payload);
void answer_with(answer_fn *answer);

/* A field's value, or one of its address kind, which must not be 0. */
struct expected {
    const char *field;
    uint64_t value;
};
#define AN_ADDRESS UINT64_C(0xfeedfeedfeedfeed)

void assert_sent_payload(unsigned minor, const char *unit, unsigned op, const char *member,
                         const struct expected *fields);
/* The request was this one, and holds these fields and no others. */
#define assert_domctl(minor, op, of_domain, member, ...) \
    do { \
        assert_sent_payload(minor, "xen_domctl", op, member, \
                            (const struct expected[]){__VA_ARGS__, {0}}); \
        assert_int_equal(sent.domid, of_domain); \
    } while (0)
#define assert_sysctl(minor, op, member, ...) \
    assert_sent_payload(minor, "xen_sysctl", op, member, \
                        (const struct expected[]){__VA_ARGS__, {0}})
/* A domctl that carries nothing. */
void assert_bare_domctl(unsigned op, unsigned domid);

/* Bytes of a stable hypercall's struct. */
struct bytes_at {
    unsigned offset, size;
    uint64_t value; /* AN_ADDRESS: any but 0 */
};
void assert_sent_struct(unsigned hypercall, unsigned cmd, unsigned size,
                        const struct bytes_at *fields);
/* What was sent last is the hypercall's sub-operation, with a struct that holds these alone. */
#define assert_struct(hypercall, cmd, size, ...) \
    assert_sent_struct(hypercall, cmd, size, (const struct bytes_at[]){__VA_ARGS__, {0}})

/* The last one was the memory_op @cmd with the bytes of @wanted. */
#define assert_memory_op(cmd, wanted) \
    do { \
        assert_null(sent.unit); \
        assert_int_equal(sent.op, __HYPERVISOR_memory_op); \
        assert_int_equal(sent.arguments[0], cmd); \
        assert_memory_equal(sent.memory, &(wanted), sizeof(wanted)); \
    } while (0)

/* A pointer that was sent, at @offset in the hypercall's struct; it is Xen's to follow. */
void *sent_pointer(size_t offset);

/* The value of an 8-byte field of @payload as a pointer. */
void *address_in(unsigned minor, const char *unit, const char *member, const char *field,
                 const uint8_t *payload);
/* Sets a field of the answer. */
void set_field(unsigned minor, const char *unit, const char *member, const char *field,
               uint8_t *payload, uint64_t value);

/* The release that sent_start() made. */
extern unsigned running_minor;

/* What was logged since sent_start(). */
extern struct recorded_log logged;

#endif
