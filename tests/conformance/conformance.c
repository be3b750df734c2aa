/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "conformance.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int show_if_xen(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    if (strstr(info->dlpi_name, "/libxen"))
        printf("# library %s\n", info->dlpi_name);
    return 0;
}

int conformance_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count)
{
    if (argc != 2 || strcmp(argv[1], "--list") != 0)
        dl_iterate_phdr(show_if_xen, NULL);
    return test_main(argc, argv, tests, count);
}

void observe(const char *key, const char *format, ...)
{
    va_list arguments;

    printf("# observe %s ", key);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

const char *errno_name(int error)
{
    static char number[32];
    const char *name = strerrorname_np(error);

    if (name)
        return name;
    snprintf(number, sizeof(number), "errno-%d", error);
    return number;
}

const char *outcome(long result)
{
    return result < 0 ? errno_name(errno) : "0";
}

const char *outcome_pointer(const void *pointer)
{
    return pointer ? "mapped" : errno_name(errno);
}

void *later_symbol(const char *name)
{
    char reason[128];
    void *symbol = dlsym(RTLD_DEFAULT, name);

    if (symbol)
        return symbol;
    snprintf(reason, sizeof(reason), "this library has no %s", name);
    skip_because(reason);
}

unsigned own_domid(void)
{
    const char *text = getenv("XENLIBS_DOMID");
    char *end;
    unsigned long domid;

    assert_non_null(text);
    domid = strtoul(text, &end, 10);
    assert_true(*text != '\0' && *end == '\0' && domid < 0x7ff0);
    return (unsigned)domid;
}

bool in_dom0(void)
{
    return own_domid() == 0;
}

bool readable_within(int fd, int ms)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    int ready;

    do
        ready = poll(&wanted, 1, ms);
    while (ready < 0 && errno == EINTR);
    assert_true(ready >= 0);
    return ready == 1;
}

bool is_cloexec(int fd)
{
    int flags = fcntl(fd, F_GETFD);

    assert_true(flags >= 0);
    return flags & FD_CLOEXEC;
}

int xen_devices_after_exec(void)
{
    /* The shell's own descriptors are what this process left open for it. */
    FILE *list = popen("ls -l /proc/self/fd", "re");
    char line[512];
    int found = 0, lines = 0;

    assert_non_null(list);
    while (fgets(line, sizeof(line), list)) {
        lines++;
        found += strstr(line, "/dev/xen/") || strstr(line, "/proc/xen/");
    }
    assert_int_equal(pclose(list), 0);
    assert_true(lines >= 3);
    return found;
}

bool succeeds_in_child(bool (*work)(void *), void *argument)
{
    pid_t child;
    int status;

    fflush(stdout);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        _exit(work(argument) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool write_faults(volatile void *address)
{
    int ends[2];
    bool readable;

    /* Mappings of devices are not inherited by a child that could be killed, so the kernel
     * does the store: read(2) into the page. */
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    readable = read(ends[0], (void *)(uintptr_t)address, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return !readable;
}
