/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, closing, restricting and inheriting a connection. */
#include "fake_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>

#include "fakexen.h"
#include "xentoolcore.h"

enum { TOO_LONG_SECONDS = 20 };

static void nothing_here(void)
{
    setenv("XENSTORED_RUNDIR", "/nowhere", 1);
}

TEST(without_socket_and_device_it_is_ENOENT)
{
    nothing_here();
    assert_fails_with(xs_open(0), NULL, ENOENT);
    setenv("XENSTORED_PATH", "/nowhere/socket", 1);
    assert_fails_with(xs_open(0), NULL, ENOENT);
}

TEST(the_old_names_open_and_close_too)
{
    struct xs_handle *(*const names[])(void) = {xs_daemon_open, xs_domain_open,
                                                xs_daemon_open_readonly};

    for (unsigned int i = 0; i < 3; i++) {
        struct xs_handle *h;

        fake_store_start(NULL);
        h = names[i]();
        assert_non_null(h);
        assert_true(xs_mkdir(h, 0, "/x"));
        xs_daemon_close(h);
        fake_store_close(NULL);
    }
}

TEST(the_flags_of_old_have_no_effect)
{
    struct xs_handle *h = fake_store_open(XS_OPEN_READONLY | XS_OPEN_SOCKETONLY, NULL);

    assert_true(xs_write(h, 0, "/x", "v", 1));
    fake_store_close(h);
}

TEST(the_socket_may_be_named_by_its_path)
{
    char path[PATH_MAX];

    fake_store_start(NULL);
    snprintf(path, sizeof(path), "%s", xs_daemon_socket());
    setenv("XENSTORED_PATH", path, 1);
    nothing_here();
    xs_close(xs_open(0));
    fake_store_close(NULL);
}

TEST(without_a_socket_the_device_is_opened)
{
    struct xs_handle *h = fake_store_open_device(NULL);

    assert_true(xs_write(h, 0, "/x", "v", 1));
    assert_request(XS_WRITE, 0, "/x\0v", 4);
    free(xs_read(h, 0, "/x", NULL));
    fake_store_close(h);
}

TEST(the_device_of_old_kernels_is_opened)
{
    struct xs_handle *h;

    nothing_here();
    fakexen_add_device("/proc/xen/xenbus");
    h = xs_open(0);
    assert_non_null(h);
    xs_close(h);
}

TEST(a_socket_without_xenstored_is_ECONNREFUSED)
{
    char stale[64];

    snprintf(stale, sizeof(stale), "/tmp/fake-store-stale-%d", getpid());
    fake_store_start(NULL);
    assert_int_equal(rename(xs_daemon_socket(), stale), 0);
    fake_store_close(NULL);
    setenv("XENSTORED_PATH", stale, 1);
    assert_fails_with(xs_open(0), NULL, ECONNREFUSED);
    unlink(stale);
}

TEST(a_socket_path_that_is_too_long_is_ENAMETOOLONG)
{
    char path[PATH_MAX + 10];

    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[PATH_MAX] = '\0';
    setenv("XENSTORED_RUNDIR", path, 1);
    assert_fails_with(xs_open(0), NULL, ENAMETOOLONG);
}

TEST(a_device_that_may_not_be_opened_is_EACCES)
{
    nothing_here();
    fakexen_fail_open("/dev/xen/xenbus", EACCES);
    assert_fails_with(xs_open(0), NULL, EACCES);
}

static int count_fds(bool inheritable)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    int count = 0;

    while ((entry = readdir(dir)) != NULL) {
        int fd = atoi(entry->d_name);

        if (entry->d_name[0] != '.' && fd != dirfd(dir))
            count += !inheritable || !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    }
    closedir(dir);
    return count;
}

TEST(all_descriptors_are_close_on_exec)
{
    int before, all;
    struct xs_handle *h;

    fake_store_start(NULL);
    before = count_fds(true);
    all = count_fds(false);
    h = xs_open(0);
    assert_true(xs_mkdir(h, 0, "/x"));
    assert_true(xs_fileno(h) >= 0);
    assert_int_equal(count_fds(true), before);
    assert_true(count_fds(false) > all);
    fake_store_close(h);
}

TEST(closing_nothing_is_no_error)
{
    errno = 77;
    xs_close(NULL);
    assert_int_equal(errno, 77);
}

TEST(defect_daemon_close_of_nothing_crashes)
{
    xs_daemon_close(NULL);
}

TEST(closing_keeps_errno)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    assert_true(xs_watch(h, "/x", "t"));
    xs_fileno(h);
    errno = 77;
    xs_close(h);
    assert_int_equal(errno, 77);
    fake_store_close(NULL);
}

/* Runs @function in a child on the parent's handle, and waits for it. */
static void in_child(void (*function)(struct xs_handle *), struct xs_handle *h)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        function(h);
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

static void assert_works(struct xs_handle *h)
{
    struct xs_permissions *perms;
    unsigned int num;

    fake_answer_string("n0");
    perms = xs_get_permissions(h, 0, "/x", &num);
    assert_non_null(perms);
    free(perms);
    fake_event("/x", "t");
    free(xs_read_watch(h, &num));
}

TEST(a_child_that_closes_leaves_the_parents_connection)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    alarm(TOO_LONG_SECONDS);
    xs_fileno(h);
    in_child(xs_daemon_destroy_postfork, h);
    assert_works(h);
    in_child(xs_close, h);
    assert_works(h);
    fake_store_close(h);
}

static void *read_events(void *h)
{
    free(xs_read_watch(h, &(unsigned int){0}));
    return NULL;
}

TEST(a_child_may_close_while_another_thread_waited)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    pthread_t thread;

    alarm(TOO_LONG_SECONDS);
    assert_true(xs_watch(h, "/x", "t"));
    pthread_create(&thread, NULL, read_events, h);
    for (int i = 0; i < 20; i++) {
        usleep(1000);
        in_child(xs_daemon_destroy_postfork, h);
    }
    fake_event("/x", "t");
    pthread_join(thread, NULL);
    fake_store_close(h);
}

TEST(restriction_breaks_the_connection)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int before;

    assert_true(xs_mkdir(h, 0, "/x"));
    before = fake_requests();
    assert_int_equal(xentoolcore_restrict_all(5), 0);
    assert_fails_with(xs_mkdir(h, 0, "/x"), false, EBADF);
    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, EBADF);
    assert_int_equal(fake_requests(), before);
    assert_int_equal(xentoolcore_restrict_all(5), 0);
    fake_store_close(h);
    assert_int_equal(xentoolcore_restrict_all(5), 0);
}

static void restrict_all(struct xs_handle *h)
{
    (void)h;
    if (xentoolcore_restrict_all(5))
        _exit(1);
}

TEST(a_child_that_restricts_leaves_the_parents_connection)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    alarm(TOO_LONG_SECONDS);
    in_child(restrict_all, h);
    assert_works(h);
    fake_store_close(h);
}

TEST(waiting_threads_hear_of_a_restriction)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    pthread_t threads[3];

    alarm(TOO_LONG_SECONDS);
    for (unsigned int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, read_events, h);
    usleep(20000);
    assert_int_equal(xentoolcore_restrict_all(5), 0);
    for (unsigned int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_not_equal(xs_fileno(h), -1);
    fake_store_close(h);
}

TEST(the_kernel_may_refuse_a_request_and_the_device_goes_on)
{
    struct xs_handle *h = fake_store_open_device(NULL);
    static char data[XENSTORE_PAYLOAD_MAX];

    assert_true(xs_mkdir(h, 0, "/x"));
    fakexen_fail_next(FAKEXEN_WRITE, ENOMEM, 1, 0);
    assert_fails_with(xs_mkdir(h, 0, "/x"), false, ENOMEM);
    assert_true(xs_mkdir(h, 0, "/x"));
    fakexen_fail_next(FAKEXEN_WRITE, EINVAL, 1, 0);
    assert_fails_with(xs_write(h, 0, "/x", data, sizeof(data) - 5), false, E2BIG);
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

TEST(a_request_to_the_device_is_one_write_and_one_read)
{
    struct xs_handle *h = fake_store_open_device(NULL);
    unsigned int before;

    free(xs_read(h, 0, "/x", NULL));
    before = fakexen_count_all();
    free(xs_read(h, 0, "/x", NULL));
    assert_int_equal(fakexen_count_all() - before, 2);
    fake_store_close(h);
}

TEST(a_signal_does_not_end_a_request_to_the_device)
{
    struct xs_handle *h = fake_store_open_device(NULL);

    fakexen_fail_next(FAKEXEN_WRITE, EINTR, 2, 0);
    fakexen_fail_next(FAKEXEN_READ, EINTR, 2, 0);
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

TEST(the_device_gives_events_without_waiting)
{
    struct xs_handle *h = fake_store_open_device(NULL);

    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    assert_true(xs_fileno(h) >= 0);
    assert_works(h);
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_socket_and_device_it_is_ENOENT),
        cmocka_unit_test(the_old_names_open_and_close_too),
        cmocka_unit_test(the_flags_of_old_have_no_effect),
        cmocka_unit_test(the_socket_may_be_named_by_its_path),
        cmocka_unit_test(without_a_socket_the_device_is_opened),
        cmocka_unit_test(the_device_of_old_kernels_is_opened),
        cmocka_unit_test(a_socket_without_xenstored_is_ECONNREFUSED),
        cmocka_unit_test(a_socket_path_that_is_too_long_is_ENAMETOOLONG),
        cmocka_unit_test(a_device_that_may_not_be_opened_is_EACCES),
        cmocka_unit_test(all_descriptors_are_close_on_exec),
        cmocka_unit_test(closing_nothing_is_no_error),
        cmocka_unit_test(defect_daemon_close_of_nothing_crashes),
        cmocka_unit_test(closing_keeps_errno),
        cmocka_unit_test(a_child_that_closes_leaves_the_parents_connection),
        cmocka_unit_test(a_child_may_close_while_another_thread_waited),
        cmocka_unit_test(restriction_breaks_the_connection),
        cmocka_unit_test(a_child_that_restricts_leaves_the_parents_connection),
        cmocka_unit_test(waiting_threads_hear_of_a_restriction),
        cmocka_unit_test(the_kernel_may_refuse_a_request_and_the_device_goes_on),
        cmocka_unit_test(a_request_to_the_device_is_one_write_and_one_read),
        cmocka_unit_test(a_signal_does_not_end_a_request_to_the_device),
        cmocka_unit_test(the_device_gives_events_without_waiting),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
