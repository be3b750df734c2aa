/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copying from and to granted pages. */
#include "harness.h"

#include <errno.h>
#include <sys/mman.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"

enum { DOMID = 5, REF = 9 };

static struct recorded_log record = RECORDED_LOG;
static struct uapi_gntdev_grant_copy seen;

static int fill_in_statuses(int fd, void *argument, void *user)
{
    struct uapi_gntdev_grant_copy *request = argument;
    struct uapi_gntdev_grant_copy_segment *segments = request->segments;

    (void)fd, (void)user;
    seen = *request;
    for (uint32_t i = 0; i < request->count; i++)
        segments[i].status = i % 2 ? GNTST_eagain : GNTST_okay;
    return 0;
}

static xengnttab_handle *open_gnttab(void)
{
    xengnttab_handle *xgt;

    fake_drivers_add();
    fakexen_on_ioctl(UAPI_GNTDEV_GRANT_COPY, fill_in_statuses, NULL);
    xgt = xengnttab_open(&record.logger, 0);
    assert_non_null(xgt);
    return xgt;
}

TEST(segments_go_to_the_kernel_where_they_are)
{
    xengnttab_handle *xgt = open_gnttab();
    char local[8];
    xengnttab_grant_copy_segment_t segments[2] = {
        {.source.foreign = {.ref = REF, .offset = 16, .domid = DOMID},
         .dest.virt = local, .len = sizeof(local), .flags = GNTCOPY_source_gref},
        {.source.virt = local, .dest.foreign = {.ref = REF, .domid = DOMID},
         .len = sizeof(local), .flags = GNTCOPY_dest_gref},
    };
    unsigned before = fakexen_count_all();

    assert_int_equal(xengnttab_grant_copy(xgt, 2, segments), 0);
    assert_int_equal(seen.count, 2);
    assert_ptr_equal(seen.segments, segments);
    assert_int_equal(fakexen_count_all() - before, 1);
    xengnttab_close(xgt);
}

/* A segment that could not be copied is no failure of the call. */
TEST(each_segment_has_a_status_of_its_own)
{
    xengnttab_handle *xgt = open_gnttab();
    xengnttab_grant_copy_segment_t segments[3] = {{.flags = GNTCOPY_source_gref}};

    assert_int_equal(xengnttab_grant_copy(xgt, 3, segments), 0);
    assert_int_equal(segments[0].status, GNTST_okay);
    assert_int_equal(segments[1].status, GNTST_eagain);
    assert_int_equal(segments[2].status, GNTST_okay);
    assert_int_equal(record.messages, 0);
    xengnttab_close(xgt);
}

TEST(what_the_driver_refuses_is_an_error)
{
    xengnttab_handle *xgt = open_gnttab();
    xengnttab_grant_copy_segment_t segment = {.flags = 0};

    fakexen_fail_next(FAKEXEN_IOCTL, EINVAL, 1, 0);
    assert_fails_with(xengnttab_grant_copy(xgt, 1, &segment), -1, EINVAL);
    assert_int_equal(record.messages, 1);
    assert_int_equal(record.level, XTL_ERROR);
    assert_string_equal(record.context, "gnttab");
    xengnttab_close(xgt);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_go_to_the_kernel_where_they_are),
        cmocka_unit_test(each_segment_has_a_status_of_its_own),
        cmocka_unit_test(what_the_driver_refuses_is_an_error),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
