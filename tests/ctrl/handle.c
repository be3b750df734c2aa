/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface, what lies beneath it, its buffers and its last error, on a real Xen. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "on_xen.h"
#include "xencall.h"
#include "xendevicemodel.h"
#include "xenforeignmemory.h"

TEST(an_interface_opens_again_and_again)
{
    for (int i = 0; i < 30; i++) {
        xc_interface *again = xc_interface_open(NULL, NULL, i % 2 ? 0 : XC_OPENFLAG_NON_REENTRANT);

        assert_non_null(again);
        assert_int_equal(xc_version(again, XENVER_version, NULL),
                         xc_version(xc(), XENVER_version, NULL));
        assert_int_equal(xc_interface_close(again), 0);
    }
    assert_int_equal(xc_interface_close(NULL), 0);
}

TEST(hypercalls_go_through_the_handle_beneath)
{
    DECLARE_HYPERCALL_BUFFER(char, text);
    xen_extraversion_t expected;
    xencall_handle *xcall = xc_interface_xcall_handle(xc());

    assert_non_null(xcall);
    text = xc_hypercall_buffer_alloc(xc(), text, sizeof(xen_extraversion_t));
    assert_non_null(text);
    assert_works(xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion,
                          HYPERCALL_BUFFER_AS_ARG(text)));
    assert_works(xc_version(xc(), XENVER_extraversion, expected));
    assert_string_equal(text, expected);
    xc_hypercall_buffer_free(xc(), text);
}

TEST(memory_is_mapped_through_the_handle_beneath)
{
    uint32_t domid = guest("pvh");
    xenforeignmemory_handle *memory = xc_interface_fmem_handle(xc());
    xc_domaininfo_t info;
    int error = -1;

    assert_non_null(memory);
    assert_works(xc_domain_getinfo_single(xc(), domid, &info));
    xen_pfn_t frame = 1;
    void *page = xenforeignmemory_map(memory, domid, PROT_READ, 1, &frame, &error);
    assert_non_null(page);
    assert_int_equal(error, 0);
    assert_int_equal(xenforeignmemory_unmap(memory, page, 1), 0);
}

TEST(the_device_models_handle_is_one_for_the_interface)
{
    xendevicemodel_handle *model = xc_interface_dmod_handle(xc());

    assert_non_null(model);
    assert_ptr_equal(xc_interface_dmod_handle(xc()), model);
}

/* Pages that Xen writes to: more of them than the pool keeps. */
TEST(pages_and_arrays_of_buffers_take_answers)
{
    DECLARE_HYPERCALL_BUFFER(char, pages);
    DECLARE_HYPERCALL_BUFFER(char, element);
    xc_hypercall_buffer_array_t *array = xc_hypercall_buffer_array_create(xc(), 40);
    xencall_handle *xcall = xc_interface_xcall_handle(xc());
    xen_capabilities_info_t expected;

    assert_non_null(array);
    assert_works(xc_version(xc(), XENVER_capabilities, expected));
    pages = xc_hypercall_buffer_alloc_pages(xc(), pages, 5);
    assert_non_null(pages);
    char *end = pages + 5 * XC_PAGE_SIZE - sizeof(expected);
    assert_works(xencall2(xcall, __HYPERVISOR_xen_version, XENVER_capabilities, (uintptr_t)end));
    assert_string_equal(end, expected);
    xc_hypercall_buffer_free_pages(xc(), pages, 5);
    for (unsigned i = 0; i < 40; i++) {
        element = xc_hypercall_buffer_array_alloc(xc(), array, i, element, sizeof(expected));
        assert_non_null(element);
        assert_works(xencall2(xcall, __HYPERVISOR_xen_version, XENVER_capabilities,
                              (uintptr_t)element));
    }
    element = xc_hypercall_buffer_array_get(xc(), array, 20, element, sizeof(expected));
    assert_string_equal(element, expected);
    xc_hypercall_buffer_array_destroy(xc(), array);
}

TEST(the_last_error_says_what_xen_refused)
{
    assert_fails_with(xc_domain_pause(xc(), 30000), -1, ESRCH);
    const xc_error *error = xc_get_last_error(xc());
    assert_int_equal(error->code, XC_INTERNAL_ERROR);
    assert_non_null(strstr(error->message, "pausedomain"));
    assert_non_null(strstr(error->message, "30000"));
    assert_non_null(strstr(error->message, xc_strerror(xc(), ESRCH)));
    assert_string_equal(xc_error_code_to_desc((int)error->code), "Internal error");
    xc_clear_last_error(xc());
    assert_int_equal(xc_get_last_error(xc())->code, XC_ERROR_NONE);
}

TEST(memory_is_aligned)
{
    void *memory = xc_memalign(xc(), 1 << 16, 100);

    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % (1 << 16), 0);
    free(memory);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(an_interface_opens_again_and_again),
        ON_XEN(hypercalls_go_through_the_handle_beneath),
        ON_XEN(memory_is_mapped_through_the_handle_beneath),
        ON_XEN(the_device_models_handle_is_one_for_the_interface),
        ON_XEN(pages_and_arrays_of_buffers_take_answers),
        ON_XEN(the_last_error_says_what_xen_refused),
        ON_XEN(memory_is_aligned),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
