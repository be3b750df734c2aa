/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dma-bufs of granted pages, and grants of a dma-buf's pages. */
#include "harness.h"

#include <errno.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"

enum { DOMID = 5, BUFFER_FD = 77, COUNT = 300, UNTOUCHED = 0x5a5a };

static struct recorded_log record = RECORDED_LOG;
static struct uapi_gntdev_dmabuf_exp_from_refs exported;
static struct uapi_gntdev_dmabuf_exp_wait_released waited;
static struct uapi_gntdev_dmabuf_imp_to_refs imported;
static struct uapi_gntdev_dmabuf_imp_release released;
static uint32_t last_ref;
static uint32_t refs[COUNT];

static int export(int fd, void *argument, void *user)
{
    struct uapi_gntdev_dmabuf_exp_from_refs *request = argument;

    (void)fd, (void)user;
    exported = *request;
    last_ref = ((uint32_t *)((char *)argument + offsetof(__typeof__(exported), refs)))[request->count - 1];
    request->fd = BUFFER_FD;
    return 0;
}

static int wait_released(int fd, void *argument, void *user)
{
    (void)fd;
    waited = *(struct uapi_gntdev_dmabuf_exp_wait_released *)argument;
    errno = *(int *)user;
    return errno ? -1 : 0;
}

static int import(int fd, void *argument, void *user)
{
    uint32_t *out = (uint32_t *)((char *)argument + offsetof(__typeof__(imported), refs));

    (void)fd, (void)user;
    imported = *(struct uapi_gntdev_dmabuf_imp_to_refs *)argument;
    for (uint32_t i = 0; i < imported.count; i++)
        out[i] = FAKE_FIRST_REF + i;
    return 0;
}

static int release(int fd, void *argument, void *user)
{
    (void)fd, (void)user;
    released = *(struct uapi_gntdev_dmabuf_imp_release *)argument;
    return 0;
}

static int wait_answer;

static xengnttab_handle *open_gnttab(void)
{
    xengnttab_handle *xgt;

    fake_drivers_add();
    fakexen_on_ioctl(UAPI_GNTDEV_DMABUF_EXP_FROM_REFS, export, NULL);
    fakexen_on_ioctl(UAPI_GNTDEV_DMABUF_EXP_WAIT_RELEASED, wait_released, &wait_answer);
    fakexen_on_ioctl(UAPI_GNTDEV_DMABUF_IMP_TO_REFS, import, NULL);
    fakexen_on_ioctl(UAPI_GNTDEV_DMABUF_IMP_RELEASE, release, NULL);
    xgt = xengnttab_open(&record.logger, 0);
    assert_non_null(xgt);
    for (uint32_t i = 0; i < COUNT; i++)
        refs[i] = UNTOUCHED + i;
    return xgt;
}

TEST(exporting_hands_all_references_over)
{
    xengnttab_handle *xgt = open_gnttab();
    uint32_t fd = 0;

    assert_int_equal(
        xengnttab_dmabuf_exp_from_refs(xgt, DOMID, GNTDEV_DMA_FLAG_WC, COUNT, refs, &fd), 0);
    assert_int_equal(fd, BUFFER_FD);
    assert_int_equal(exported.domid, DOMID);
    assert_int_equal(exported.flags, GNTDEV_DMA_FLAG_WC);
    assert_int_equal(exported.count, COUNT);
    assert_int_equal(last_ref, UNTOUCHED + COUNT - 1);
    xengnttab_close(xgt);
}

TEST(a_failed_export_leaves_fd_alone)
{
    xengnttab_handle *xgt = open_gnttab();
    uint32_t fd = UNTOUCHED;

    fakexen_fail_next(FAKEXEN_IOCTL, ENOTTY, 1, 0);
    assert_fails_with(xengnttab_dmabuf_exp_from_refs(xgt, DOMID, 0, COUNT, refs, &fd), -1,
                      ENOTTY);
    assert_int_equal(fd, UNTOUCHED);
    assert_int_equal(record.messages, 1);
    xengnttab_close(xgt);
}

TEST(importing_fills_all_references_in)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_int_equal(xengnttab_dmabuf_imp_to_refs(xgt, DOMID, BUFFER_FD, COUNT, refs), 0);
    assert_int_equal(imported.domid, DOMID);
    assert_int_equal(imported.fd, BUFFER_FD);
    assert_int_equal(imported.count, COUNT);
    assert_int_equal(refs[0], FAKE_FIRST_REF);
    assert_int_equal(refs[COUNT - 1], FAKE_FIRST_REF + COUNT - 1);
    xengnttab_close(xgt);
}

TEST(a_failed_import_leaves_refs_alone)
{
    xengnttab_handle *xgt = open_gnttab();

    fakexen_fail_next(FAKEXEN_IOCTL, EBADF, 1, 0);
    assert_fails_with(xengnttab_dmabuf_imp_to_refs(xgt, DOMID, BUFFER_FD, COUNT, refs), -1,
                      EBADF);
    assert_int_equal(refs[0], UNTOUCHED);
    assert_int_equal(record.messages, 1);
    xengnttab_close(xgt);
}

TEST(no_pages_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    unsigned before = fakexen_count_all();
    uint32_t fd = UNTOUCHED;

    assert_fails_with(xengnttab_dmabuf_exp_from_refs(xgt, DOMID, 0, 0, refs, &fd), -1, EINVAL);
    assert_fails_with(xengnttab_dmabuf_imp_to_refs(xgt, DOMID, BUFFER_FD, 0, refs), -1, EINVAL);
    assert_int_equal(fakexen_count_all(), before);
    xengnttab_close(xgt);
}

TEST(absurd_arguments_are_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    unsigned before = fakexen_count_all();
    uint32_t fd = UNTOUCHED;

    assert_fails_with(xengnttab_dmabuf_exp_from_refs(xgt, DOMID, 0, 0xffffffffu, refs, &fd), -1,
                      EINVAL);
    assert_fails_with(xengnttab_dmabuf_exp_from_refs(xgt, DOMID, 0, 1, NULL, &fd), -1, EINVAL);
    assert_fails_with(xengnttab_dmabuf_exp_from_refs(xgt, 0x10000, 0, 1, refs, &fd), -1, EINVAL);
    assert_fails_with(xengnttab_dmabuf_imp_to_refs(xgt, DOMID, BUFFER_FD, 0xffffffffu, refs), -1,
                      EINVAL);
    assert_fails_with(xengnttab_dmabuf_imp_to_refs(xgt, DOMID, BUFFER_FD, 1, NULL), -1, EINVAL);
    assert_int_equal(fakexen_count_all(), before);
    xengnttab_close(xgt);
}

TEST(a_buffer_long_released_needs_no_wait)
{
    xengnttab_handle *xgt = open_gnttab();

    wait_answer = ENOENT;
    assert_int_equal(xengnttab_dmabuf_exp_wait_released(xgt, BUFFER_FD, 250), 0);
    assert_int_equal(waited.fd, BUFFER_FD);
    assert_int_equal(waited.wait_to_ms, 250);
    assert_int_equal(record.messages, 0);
    xengnttab_close(xgt);
}

/* As every other function does; the text in upstream's header says otherwise. */
TEST(a_buffer_in_use_gives_etimedout_in_errno)
{
    xengnttab_handle *xgt = open_gnttab();

    wait_answer = ETIMEDOUT;
    assert_fails_with(xengnttab_dmabuf_exp_wait_released(xgt, BUFFER_FD, 0), -1, ETIMEDOUT);
    assert_int_equal(record.messages, 1);
    wait_answer = 0;
    assert_int_equal(xengnttab_dmabuf_exp_wait_released(xgt, BUFFER_FD, 0), 0);
    xengnttab_close(xgt);
}

TEST(releasing_an_import_names_its_descriptor)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_int_equal(xengnttab_dmabuf_imp_release(xgt, BUFFER_FD), 0);
    assert_int_equal(released.fd, BUFFER_FD);
    fakexen_fail_next(FAKEXEN_IOCTL, ENOENT, 1, 0);
    assert_fails_with(xengnttab_dmabuf_imp_release(xgt, BUFFER_FD), -1, ENOENT);
    assert_int_equal(record.messages, 1);
    xengnttab_close(xgt);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(exporting_hands_all_references_over),
        cmocka_unit_test(a_failed_export_leaves_fd_alone),
        cmocka_unit_test(importing_fills_all_references_in),
        cmocka_unit_test(a_failed_import_leaves_refs_alone),
        cmocka_unit_test(no_pages_is_einval),
        cmocka_unit_test(absurd_arguments_are_einval),
        cmocka_unit_test(a_buffer_long_released_needs_no_wait),
        cmocka_unit_test(a_buffer_in_use_gives_etimedout_in_errno),
        cmocka_unit_test(releasing_an_import_names_its_descriptor),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
