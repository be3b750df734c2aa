/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the direct tests of libxenctrl share. */
#include "on_xen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool next_guest(FILE *list, char type[8], uint32_t *domid)
{
    char name[16];
    return fscanf(list, "%15s %7s %u", name, type, domid) == 3;
}

uint32_t guest(const char *type)
{
    FILE *list = fopen("/etc/xenlab/guests", "re");
    char found[8];
    uint32_t domid;
    while (list && next_guest(list, found, &domid)) {
        if (strcmp(found, type) == 0) {
            fclose(list);
            return domid;
        }
    }
    if (list)
        fclose(list);
    skip_because("there is no such guest beside dom0");
}

static xc_interface *handle;

xc_interface *xc(void)
{
    if (!handle)
        handle = xc_interface_open(NULL, NULL, 0);
    if (!handle)
        fail_msg("xc_interface_open: %s", strerror(errno));
    return handle;
}

int close_xc(void **state)
{
    (void)state;
    int failed = handle ? xc_interface_close(handle) : 0;
    handle = NULL;
    return failed;
}

bool xen_is_at_least(unsigned major, unsigned minor)
{
    return (unsigned)assert_works(xc_version(xc(), XENVER_version, NULL)) >= (major << 16 | minor);
}

void observe(const char *key, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    printf("# observe %s ", key);
    vprintf(format, values);
    putchar('\n');
    va_end(values);
}

long assert_works_at(long result, const char *what, const char *file, int line)
{
    int error = errno;
    if (result < 0) {
        const xc_error *last = xc_get_last_error(xc());
        print_error("%s: %s (%s)\n", what, last->message, strerror(error));
        _fail(file, line);
    }
    return result;
}

bool is_lacking(const char *key, long result)
{
    switch (result < 0 ? errno : 0) {
    case ENOSYS:
    case ENOTSUP: /* which is also EOPNOTSUPP */
    case ENODEV:
    case ENXIO:
        observe(key, "%s", strerror(errno));
        return true;
    default:
        assert_works(result);
        return false;
    }
}

bool becomes_true(bool (*holds)(void *argument), void *argument, unsigned seconds)
{
    const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
    for (unsigned waited = 0; waited < seconds * 20; waited++) {
        if (holds(argument))
            return true;
        nanosleep(&pause, NULL);
    }
    return holds(argument);
}
