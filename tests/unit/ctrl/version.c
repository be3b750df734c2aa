/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen tells of itself, and what is asked of its memory as it is. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

static void tell_text(uint8_t *memory, size_t size, const char *text)
{
    memset(memory, 0, size);
    memcpy(memory, text, strlen(text));
}

static int tell_build_id(uint8_t *memory)
{
    xen_build_id_t *id = (xen_build_id_t *)memory;

    if (!memory)
        return 20;
    if (id->len < 20)
        return -ENOBUFS;
    for (unsigned i = 0; i < 20; i++)
        id->buf[i] = (unsigned char)(0xa0 + i);
    return 20;
}

static int versions(struct sent *request, uint8_t *memory)
{
    if (request->op != __HYPERVISOR_xen_version)
        return -ENOSYS;
    switch (request->arguments[0]) {
    case XENVER_compile_info:
        tell_text(memory, sizeof(xen_compile_info_t), "cc");
        return 0;
    case XENVER_capabilities:
        tell_text(memory, sizeof(xen_capabilities_info_t), "xen-3.0-x86_64 ");
        return 0;
    case XENVER_changeset:
        tell_text(memory, sizeof(xen_changeset_info_t), "Tue");
        return 0;
    case XENVER_platform_parameters:
        ((xen_platform_parameters_t *)memory)->virt_start = 0xffff800000000000;
        return 0;
    case XENVER_get_features:
        ((xen_feature_info_t *)memory)->submap = ((xen_feature_info_t *)memory)->submap_idx + 5;
        return 0;
    case XENVER_pagesize:
        return 4096;
    case XENVER_guest_handle:
        memset(memory, 7, sizeof(xen_domain_handle_t));
        return 0;
    case XENVER_commandline:
        tell_text(memory, sizeof(xen_commandline_t), "console=com1");
        return 0;
    case XENVER_build_id:
        return tell_build_id(memory);
    default:
        return -ENOSYS;
    }
}

TEST(each_kind_of_version_has_its_own_size)
{
    xc_interface *xch = start(20);
    static struct {
        union {
            xen_compile_info_t compiled;
            xen_capabilities_info_t capabilities;
            xen_changeset_info_t changeset;
            xen_platform_parameters_t platform;
            xen_feature_info_t features;
            xen_domain_handle_t handle;
            xen_commandline_t commandline;
        } u;
        char guard[8];
    } answer;

    answer_with(versions);
    memcpy(answer.guard, "unharmed", 8);
    assert_int_equal(xc_version(xch, XENVER_compile_info, &answer), 0);
    assert_string_equal(answer.u.compiled.compiler, "cc");
    assert_int_equal(xc_version(xch, XENVER_capabilities, &answer), 0);
    assert_string_equal(answer.u.capabilities, "xen-3.0-x86_64 ");
    assert_int_equal(xc_version(xch, XENVER_changeset, &answer), 0);
    assert_string_equal(answer.u.changeset, "Tue");
    assert_int_equal(xc_version(xch, XENVER_platform_parameters, &answer), 0);
    assert_true(answer.u.platform.virt_start == 0xffff800000000000);
    answer.u.features.submap_idx = 1;
    assert_int_equal(xc_version(xch, XENVER_get_features, &answer), 0);
    assert_int_equal(answer.u.features.submap, 6);
    assert_int_equal(xc_version(xch, XENVER_pagesize, NULL), 4096);
    assert_int_equal(xc_version(xch, XENVER_guest_handle, &answer), 0);
    assert_int_equal(answer.u.handle[15], 7);
    assert_int_equal(xc_version(xch, XENVER_commandline, &answer), 0);
    assert_string_equal(answer.u.commandline, "console=com1");
    assert_memory_equal(answer.guard, "unharmed", 8);
    stop(xch);
}

TEST(a_build_id_is_as_long_as_its_room)
{
    xc_interface *xch = start(20);
    struct {
        uint32_t len;
        unsigned char buf[20], guard;
    } id = {.len = 20, .guard = 9};

    answer_with(versions);
    assert_int_equal(xc_version(xch, XENVER_build_id, NULL), 20);
    assert_int_equal(xc_version(xch, XENVER_build_id, &id), 20);
    assert_int_equal(id.buf[19], 0xb3);
    assert_int_equal(id.guard, 9);
    id.len = 4;
    assert_fails_with(xc_version(xch, XENVER_build_id, &id), -1, ENOBUFS);
    stop(xch);
}

TEST(texts_are_the_callers_to_free)
{
    xc_interface *xch = start(20);
    static char *(*const functions[])(xc_interface *) = {
        xc_xenver_extraversion, xc_xenver_capabilities, xc_xenver_changeset,
        xc_xenver_commandline, xc_xenver_buildid};
    static const char *const texts[] = {".1", "xen-3.0-x86_64 ", "Tue", "console=com1",
                                        "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3"};

    answer_with(versions);
    for (unsigned i = 0; i < 5; i++) {
        char *text = functions[i](xch);
        assert_non_null(text);
        assert_string_equal(text, texts[i]);
        free(text);
    }
    answer_with(NULL);
    fakerelease_start(20)->on_hypercall = NULL;
    for (unsigned i = 1; i < 5; i++)
        assert_fails_with(functions[i](xch), NULL, ENOSYS);
    stop(xch);
}

/* Upstream's dereferences a null pointer. */
TEST(a_dummy_has_no_version)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_DUMMY);

    assert_fails_with(xc_version(xch, XENVER_version, NULL), -1, EBADF);
    assert_fails_with(xc_xenver_capabilities(xch), NULL, EBADF);
    xc_interface_close(xch);
}

TEST(an_unknown_kind_sends_nothing)
{
    xc_interface *xch = start(20);

    answer_with(versions);
    assert_fails_with(xc_version(xch, 11, NULL), -1, EINVAL);
    assert_fails_with(xc_version(xch, -1, NULL), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- memory_op as it is ---- */

static int tell_pod(struct sent *request, uint8_t *memory)
{
    struct xen_pod_target *target = (struct xen_pod_target *)memory;

    assert_int_equal(request->op, __HYPERVISOR_memory_op);
    assert_int_equal(request->arguments[0], XENMEM_get_pod_target);
    assert_int_equal(target->domid, 7);
    target->tot_pages = 1000;
    return 3;
}

TEST(a_request_for_memory_goes_out_as_it_is_and_comes_back)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_pod_target target = {.domid = 7};

        answer_with(tell_pod);
        assert_int_equal(xc_memory_op(xch, XENMEM_get_pod_target, &target, sizeof(target)), 3);
        assert_int_equal(target.tot_pages, 1000);
        assert_int_equal(requests, 1);
        fakerelease_start(minor)->on_hypercall = NULL;
        assert_fails_with(xc_memory_op(xch, XENMEM_get_pod_target, &target, sizeof(target)), -1,
                          ENOSYS);
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_version_has_its_own_size),
        cmocka_unit_test(a_build_id_is_as_long_as_its_room),
        cmocka_unit_test(texts_are_the_callers_to_free),
        cmocka_unit_test(a_dummy_has_no_version),
        cmocka_unit_test(an_unknown_kind_sends_nothing),
        cmocka_unit_test(a_request_for_memory_goes_out_as_it_is_and_comes_back),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
