/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The security module's operations: the whole request, byte for byte, as the layouts of
 * each release have it.
 */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

#define SID 77

/* ---- what Xen does ---- */

static char text_seen[64]; /* what the last request's text was, where it had one */

static void see_text(const xen_flask_op_t *op)
{
    const char *text = op->cmd == FLASK_CONTEXT_TO_SID ? op->u.sid_context.context.p
                       : op->cmd == FLASK_LOAD         ? op->u.load.buffer.p
                                                       : op->u.boolean.name.p;
    uint32_t size = op->cmd == FLASK_CONTEXT_TO_SID ? op->u.sid_context.size
                    : op->cmd == FLASK_LOAD         ? op->u.load.size
                                                    : op->u.boolean.size;

    memset(text_seen, '#', sizeof(text_seen));
    memcpy(text_seen, text, size);
}

static int boolean(xen_flask_op_t *op)
{
    if (op->u.boolean.name.p)
        see_text(op);
    op->u.boolean.enforcing = 1;
    if (op->u.boolean.bool_id != UINT32_MAX && op->u.boolean.name.p)
        strcpy(op->u.boolean.name.p, "allow_all");
    return 0;
}

static int cache_of(xen_flask_op_t *op)
{
    if (op->u.cache_stats.cpu % 2)
        return -ENOENT; /* offline */
    op->u.cache_stats = (xen_flask_cache_stats_t){
        op->u.cache_stats.cpu, 10 + op->u.cache_stats.cpu, 1, 2, 3, 4, 5};
    return 0;
}

static int security_module(struct sent *request, uint8_t *memory)
{
    xen_flask_op_t *op = (xen_flask_op_t *)(uintptr_t)request->arguments[0];

    (void)memory;
    if (request->op != __HYPERVISOR_xsm_op)
        return -ENOSYS;
    memcpy(sent.memory, op, sizeof(*op));
    switch (op->cmd) {
    case FLASK_CONTEXT_TO_SID:
        see_text(op);
        op->u.sid_context.sid = SID;
        return 0;
    case FLASK_SID_TO_CONTEXT:
        strcpy(op->u.sid_context.context.p, "system_u");
        return 0;
    case FLASK_LOAD:
        see_text(op);
        return 0;
    case FLASK_ACCESS:
        op->u.access.allowed = 0xf;
        op->u.access.audit_allow = 2;
        op->u.access.audit_deny = 3;
        op->u.access.seqno = 4;
        return 0;
    case FLASK_GETBOOL:
    case FLASK_SETBOOL:
        return boolean(op);
    case FLASK_POLICYVERS:
        return 30;
    case FLASK_GETAVC_THRESHOLD:
        return 512;
    case FLASK_GETENFORCE:
        return 1;
    case FLASK_AVC_HASHSTATS:
        op->u.hash_stats = (xen_flask_hash_stats_t){1, 2, 3, 4};
        return 0;
    case FLASK_AVC_CACHESTATS:
        return cache_of(op);
    default:
        return 0;
    }
}

/* ---- what it is compared with ---- */

/* The request @cmd held these fields of @member, and 0 elsewhere. */
static void assert_sent_fields(unsigned minor, unsigned cmd, const char *member,
                               const struct expected *fields)
{
    uint8_t wanted[40] = {0};

    assert_int_equal(sent.op, __HYPERVISOR_xsm_op);
    memcpy(wanted, &(uint32_t){cmd}, 4);
    memcpy(wanted + 4, &(uint32_t){1}, 4);
    for (; fields->field; fields++) {
        struct fakefield place = fakerelease_field(minor, "xen_flask_op", member, fields->field);
        uint64_t value = fields->value;

        assert_true(place.size != 0);
        if (value == AN_ADDRESS) {
            value = fakerelease_get(sent.memory + 8, place);
            assert_true(value != 0);
        }
        fakerelease_put(wanted + 8, place, value);
    }
    assert_memory_equal(sent.memory, wanted, sizeof(wanted));
}
#define assert_flask(minor, cmd, member, ...) \
    assert_sent_fields(minor, cmd, member, (const struct expected[]){__VA_ARGS__, {0}})
#define assert_flask_bare(cmd) \
    assert_sent_fields(running_minor, cmd, "enforce", (const struct expected[]){{0}})

TEST(labels_are_texts_that_end_in_a_counted_zero)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t sid = 0;
        char text[20] = "", label[] = "a:b:c";

        answer_with(security_module);
        assert_int_equal(xc_flask_context_to_sid(xch, label, &sid), 0);
        assert_flask(minor, FLASK_CONTEXT_TO_SID, "sid_context", {"size", 6},
                     {"context.p", AN_ADDRESS});
        assert_memory_equal(text_seen, "a:b:c\0#", 7);
        assert_int_equal(sid, SID);
        assert_int_equal(xc_flask_sid_to_context(xch, 5, text, sizeof(text)), 0);
        assert_flask(minor, FLASK_SID_TO_CONTEXT, "sid_context", {"sid", 5}, {"size", 20},
                     {"context.p", AN_ADDRESS});
        assert_string_equal(text, "system_u");
        stop(xch);
    }
}

TEST(the_policy_is_loaded_enforced_and_asked_for_its_version)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char policy[] = "policy";

        answer_with(security_module);
        assert_int_equal(xc_flask_load(xch, policy, 6), 0);
        assert_flask(minor, FLASK_LOAD, "load", {"buffer.p", AN_ADDRESS}, {"size", 6});
        assert_memory_equal(text_seen, "policy#", 7);
        assert_int_equal(xc_flask_policyvers(xch), 30);
        assert_flask_bare(FLASK_POLICYVERS);
        assert_int_equal(xc_flask_getenforce(xch), 1);
        assert_flask_bare(FLASK_GETENFORCE);
        assert_int_equal(xc_flask_setenforce(xch, 5), 0);
        assert_flask(minor, FLASK_SETENFORCE, "enforce", {"enforcing", 1});
        assert_int_equal(xc_flask_relabel_domain(xch, 7, 8), 0);
        assert_flask(minor, FLASK_RELABEL_DOMAIN, "relabel", {"domid", 7}, {"sid", 8});
        stop(xch);
    }
}

TEST(switches_are_found_by_number_and_by_name)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        int enabled = 9, pending = 9;
        char name[16] = "", sought[] = "allow";

        answer_with(security_module);
        assert_int_equal(xc_flask_getbool_byid(xch, 3, name, 16, &enabled, &pending), 0);
        assert_flask(minor, FLASK_GETBOOL, "boolean", {"bool_id", 3}, {"size", 16},
                     {"name.p", AN_ADDRESS});
        assert_string_equal(name, "allow_all");
        assert_int_equal(enabled, 1);
        assert_int_equal(pending, 0);
        assert_int_equal(xc_flask_getbool_byid(xch, 3, NULL, 0, NULL, NULL), 0);
        assert_flask(minor, FLASK_GETBOOL, "boolean", {"bool_id", 3});
        assert_int_equal(xc_flask_getbool_byname(xch, sought, &enabled, NULL), 0);
        assert_flask(minor, FLASK_GETBOOL, "boolean", {"bool_id", UINT32_MAX}, {"size", 5},
                     {"name.p", AN_ADDRESS});
        assert_memory_equal(text_seen, "allow#", 6);
        assert_int_equal(xc_flask_setbool(xch, sought, 5, 7), 0);
        assert_flask(minor, FLASK_SETBOOL, "boolean", {"bool_id", UINT32_MAX}, {"new_value", 1},
                     {"commit", 1}, {"size", 5}, {"name.p", AN_ADDRESS});
        stop(xch);
    }
}

TEST(names_count_their_zero_where_xen_wants_that)
{
    xc_interface *xch = start(23);
    char name[] = "allow";

    answer_with(security_module);
    assert_int_equal(xc_flask_setbool(xch, name, 0, 0), 0);
    assert_flask(22, FLASK_SETBOOL, "boolean", {"bool_id", UINT32_MAX}, {"size", 6},
                 {"name.p", AN_ADDRESS});
    assert_memory_equal(text_seen, "allow\0#", 7);
    stop(xch);
}

/* Upstream returns -1 without an errno where the policy refuses. */
TEST(access_tells_what_is_allowed_and_why_not)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t allowed = 0, decided = 0, audit_allow = 0, audit_deny = 0, seqno = 0;

        answer_with(security_module);
        assert_int_equal(xc_flask_access(xch, "s", "t", 5, 3, &allowed, &decided, &audit_allow,
                                         &audit_deny, &seqno), 0);
        assert_flask(minor, FLASK_ACCESS, "access", {"ssid", SID}, {"tsid", SID}, {"tclass", 5},
                     {"req", 3});
        assert_int_equal(requests, 3);
        assert_int_equal(allowed, 0xf);
        assert_true(decided == UINT32_MAX);
        assert_int_equal(audit_allow << 8 | audit_deny << 4 | seqno, 0x234);
        assert_fails_with(xc_flask_access(xch, "s", "t", 5, 0x13, NULL, NULL, NULL, NULL, NULL),
                          -1, EACCES);
        stop(xch);
    }
}

static const char head[] = "lookups hits misses allocations reclaims frees\n";

/* Upstream's ends at the first CPU that is offline, and its text without a zero byte. */
TEST(cache_statistics_skip_cpus_that_are_offline)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char text[1000];

        answer_with(security_module);
        assert_int_equal(xc_flask_avc_cachestats(xch, text, sizeof(text)), 0);
        assert_int_equal(requests, HOST_CPUS);
        assert_flask(minor, FLASK_AVC_CACHESTATS, "cache_stats", {"cpu", HOST_CPUS - 1});
        assert_memory_equal(text, head, sizeof(head) - 1);
        assert_memory_equal(text + sizeof(head) - 1, "10 1 2 3 4 5\n12 1 2 3 4 5\n14", 28);
        assert_int_equal(text[strlen(text) - 1], '\n');
        assert_fails_with(xc_flask_avc_cachestats(xch, text, (int)strlen(text)), -1, ERANGE);
        assert_fails_with(xc_flask_avc_cachestats(xch, text, 0), -1, ERANGE);
        stop(xch);
    }
}

TEST(the_cache_tells_of_its_size_and_table)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char text[60];

        answer_with(security_module);
        assert_int_equal(xc_flask_avc_hashstats(xch, text, sizeof(text)), 0);
        assert_flask_bare(FLASK_AVC_HASHSTATS);
        assert_string_equal(text, "entries: 1\nbuckets used: 2/3\nlongest chain: 4\n");
        assert_fails_with(xc_flask_avc_hashstats(xch, text, 10), -1, ERANGE);
        assert_int_equal(xc_flask_getavc_threshold(xch), 512);
        assert_flask_bare(FLASK_GETAVC_THRESHOLD);
        assert_int_equal(xc_flask_setavc_threshold(xch, 99), 0);
        assert_flask(minor, FLASK_SETAVC_THRESHOLD, "setavc_threshold", {"threshold", 99});
        stop(xch);
    }
}

TEST(resources_are_labelled_by_kind_and_range)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char label[] = "a:b";

        answer_with(security_module);
        assert_int_equal(xc_flask_add_pirq(xch, 9, label), 0);
        assert_flask(minor, FLASK_ADD_OCONTEXT, "ocontext", {"ocon", 1}, {"sid", SID},
                     {"low", 9}, {"high", 9});
        assert_int_equal(xc_flask_add_ioport(xch, 1, 2, label), 0);
        assert_flask(minor, FLASK_ADD_OCONTEXT, "ocontext", {"ocon", 2}, {"sid", SID},
                     {"low", 1}, {"high", 2});
        assert_int_equal(xc_flask_add_iomem(xch, 3, 1UL << 40, label), 0);
        assert_flask(minor, FLASK_ADD_OCONTEXT, "ocontext", {"ocon", 3}, {"sid", SID},
                     {"low", 3}, {"high", 1UL << 40});
        assert_int_equal(xc_flask_add_device(xch, 0x10008, label), 0);
        assert_flask(minor, FLASK_ADD_OCONTEXT, "ocontext", {"ocon", 4}, {"sid", SID},
                     {"low", 0x10008}, {"high", 0x10008});
        assert_memory_equal(text_seen, "a:b\0#", 5);
        assert_int_equal(requests, 8);
        stop(xch);
    }
}

TEST(labels_of_resources_are_taken_away_by_kind_and_range)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(security_module);
        assert_int_equal(xc_flask_del_pirq(xch, 9), 0);
        assert_flask(minor, FLASK_DEL_OCONTEXT, "ocontext", {"ocon", 1}, {"low", 9}, {"high", 9});
        assert_int_equal(xc_flask_del_ioport(xch, 1, 2), 0);
        assert_flask(minor, FLASK_DEL_OCONTEXT, "ocontext", {"ocon", 2}, {"low", 1}, {"high", 2});
        assert_int_equal(xc_flask_del_iomem(xch, 3, 4), 0);
        assert_flask(minor, FLASK_DEL_OCONTEXT, "ocontext", {"ocon", 3}, {"low", 3}, {"high", 4});
        assert_int_equal(xc_flask_del_device(xch, 0x10008), 0);
        assert_flask(minor, FLASK_DEL_OCONTEXT, "ocontext", {"ocon", 4}, {"low", 0x10008},
                     {"high", 0x10008});
        assert_int_equal(requests, 4);
        stop(xch);
    }
}

TEST(without_a_security_module_all_are_enosys)
{
    xc_interface *xch = start(17);
    char text[] = "a:b:c:d:e:f";
    uint32_t sid = 5;

    answer_with(NULL);
    fakerelease_start(17)->on_hypercall = NULL;
    assert_fails_with(xc_flask_getenforce(xch), -1, ENOSYS);
    assert_fails_with(xc_flask_context_to_sid(xch, text, &sid), -1, ENOSYS);
    assert_int_equal(sid, 5);
    assert_fails_with(xc_flask_sid_to_context(xch, 1, text, sizeof(text)), -1, ENOSYS);
    assert_string_equal(text, "a:b:c:d:e:f");
    assert_fails_with(xc_flask_getbool_byid(xch, 1, text, 5, NULL, NULL), -1, ENOSYS);
    assert_fails_with(xc_flask_getbool_byname(xch, text, NULL, NULL), -1, ENOSYS);
    assert_fails_with(xc_flask_setbool(xch, text, 1, 1), -1, ENOSYS);
    assert_fails_with(xc_flask_access(xch, text, text, 1, 1, NULL, NULL, NULL, NULL, NULL), -1,
                      ENOSYS);
    assert_fails_with(xc_flask_add_pirq(xch, 1, text), -1, ENOSYS);
    assert_fails_with(xc_flask_del_pirq(xch, 1), -1, ENOSYS);
    assert_string_equal(text, "a:b:c:d:e:f");
    stop(xch);
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    char text[4] = "";

    answer_with(security_module);
    assert_fails_with(xc_flask_getbool_byid(xch, -1, text, 4, NULL, NULL), -1, ENOENT);
    assert_fails_with(xc_flask_relabel_domain(xch, 0x10000, 1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* A buffer that is not to be had: nothing is sent and nothing stays. */
TEST(without_memory_nothing_is_sent)
{
    xc_interface *xch = start(17);
    char *big = calloc(1, 3u << 20);

    assert_non_null(big);
    answer_with(security_module);
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 0);
    assert_fails_with(xc_flask_load(xch, big, 3u << 20), -1, ENOMEM);
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 0);
    assert_fails_with(xc_flask_sid_to_context(xch, 1, big, 3u << 20), -1, ENOMEM);
    assert_int_equal(requests, 0);
    free(big);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_texts_that_end_in_a_counted_zero),
        cmocka_unit_test(the_policy_is_loaded_enforced_and_asked_for_its_version),
        cmocka_unit_test(switches_are_found_by_number_and_by_name),
        cmocka_unit_test(names_count_their_zero_where_xen_wants_that),
        cmocka_unit_test(access_tells_what_is_allowed_and_why_not),
        cmocka_unit_test(cache_statistics_skip_cpus_that_are_offline),
        cmocka_unit_test(the_cache_tells_of_its_size_and_table),
        cmocka_unit_test(resources_are_labelled_by_kind_and_range),
        cmocka_unit_test(labels_of_resources_are_taken_away_by_kind_and_range),
        cmocka_unit_test(without_a_security_module_all_are_enosys),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_memory_nothing_is_sent),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
