/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hvabi.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void xenhvabi_init(struct hvabi *abi, xencall_handle *xcall, struct xenlibs_log *log)
{
    abi->xcall = xcall;
    abi->log = log;
    for (unsigned i = 0; i < HVABI_OPERATIONS_MAX / 32; i++) {
        atomic_init(&abi->said[i], 0);
    }
}

static bool is_first_time(struct hvabi *abi, const struct hvabi_operation *operation)
{
    unsigned number = xenhvabi_operation_number(operation);
    uint32_t bit = (uint32_t)1 << number % 32;

    return !(atomic_fetch_or(&abi->said[number / 32], bit) & bit);
}

int xenhvabi_refuse(struct hvabi *abi, const struct hvabi_operation *operation,
                    const char *format, ...)
{
    char text[160];
    va_list arguments;

    if (is_first_time(abi, operation)) {
        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        xenlibs_log(abi->log, XTL_ERROR, -1, "%s", text);
    }
    errno = ENOTSUP;
    return -1;
}

static int refuse_early(struct hvabi *abi, const struct hvabi_operation *operation,
                        const struct hvabi_running *running)
{
    unsigned major = HVABI_MAJOR(running->release), minor = HVABI_MINOR(running->release);

    if (running->release < HVABI_OLDEST) {
        return xenhvabi_refuse(abi, operation,
                               "%s: Xen %u.%u is older than %u.%u, the oldest that this "
                               "library knows",
                               operation->name, major, minor, HVABI_MAJOR(HVABI_OLDEST),
                               HVABI_MINOR(HVABI_OLDEST));
    }
    return xenhvabi_refuse(abi, operation, "Xen %u.%u has no %s: it came in %u.%u", major, minor,
                           operation->name, HVABI_MAJOR(operation->first),
                           HVABI_MINOR(operation->first));
}

/* 0 if @operation is there on the release that serves it, @row. */
static int check(struct hvabi *abi, const struct hvabi_operation *operation,
                 const struct hvabi_running *running, const struct hvabi_release *row)
{
    unsigned major = HVABI_MAJOR(running->release), minor = HVABI_MINOR(running->release);
    unsigned release = row ? row->release : running->release;

    if (release < operation->first) {
        return refuse_early(abi, operation, running);
    }
    if (operation->stable) {
        return 0;
    }
    if (!row) {
        return xenhvabi_refuse(abi, operation,
                               "%s: the interface of Xen %u.%u is not known to this library",
                               operation->name, major, minor);
    }
    if (release > operation->last) {
        return xenhvabi_refuse(abi, operation, "Xen %u.%u has no %s: %u.%u was the last", major,
                               minor, operation->name, HVABI_MAJOR(operation->last),
                               HVABI_MINOR(operation->last));
    }
    return 0;
}

int xenhvabi_quirk(struct hvabi *abi, enum hvabi_quirk quirk)
{
    struct hvabi_running running;

    return xenhvabi_running(abi->xcall, &running) ? -1 : xenhvabi_has_quirk(&running, quirk);
}

/* What cannot be mended from here is at least said. */
static void warn_of_damage(struct hvabi *abi, const struct hvabi_operation *operation,
                           const struct hvabi_running *running)
{
    if (operation->quirk == HVABI_QUIRK_VCPUCONTEXT_LOSES_REGISTERS &&
        xenhvabi_has_quirk(running, operation->quirk) && is_first_time(abi, operation)) {
        xenlibs_log(abi->log, XTL_WARN, -1,
                    "Xen %u.%u.%u loses the registers r8 to r15 in %s: a later point release "
                    "does not",
                    HVABI_MAJOR(running->release), HVABI_MINOR(running->release), running->point,
                    operation->name);
    }
}

static int check_domctl(struct hvabi *abi, unsigned cmd, struct hvabi_running *running,
                        bool *stable)
{
    const struct hvabi_operation *operation = xenhvabi_find_domctl(cmd);

    if (!operation) {
        errno = ENOTSUP;
        return -1;
    }
    if (xenhvabi_running(abi->xcall, running) ||
        check(abi, operation, running, running->domctl)) {
        return -1;
    }
    warn_of_damage(abi, operation, running);
    *stable = operation->stable;
    return 0;
}

static int check_sysctl(struct hvabi *abi, unsigned cmd, struct hvabi_running *running)
{
    const struct hvabi_operation *operation = xenhvabi_find_sysctl(cmd);

    if (!operation) {
        errno = ENOTSUP;
        return -1;
    }
    return xenhvabi_running(abi->xcall, running) ||
                   check(abi, operation, running, running->sysctl)
               ? -1
               : 0;
}

int xenhvabi_check_other(struct hvabi *abi, unsigned other)
{
    struct hvabi_running running;

    return xenhvabi_running(abi->xcall, &running)
               ? -1
               : check(abi, xenhvabi_other(other), &running, NULL);
}

/* check() in silence. */
static bool is_there(const struct hvabi_operation *operation,
                     const struct hvabi_running *running, const struct hvabi_release *row)
{
    unsigned release = row ? row->release : running->release;

    return operation && (row || operation->stable) && release >= operation->first &&
           release <= operation->last;
}

int xenhvabi_has_domctl(struct hvabi *abi, unsigned cmd)
{
    struct hvabi_running running;

    return xenhvabi_running(abi->xcall, &running)
               ? -1
               : is_there(xenhvabi_find_domctl(cmd), &running, running.domctl);
}

int xenhvabi_has_sysctl(struct hvabi *abi, unsigned cmd)
{
    struct hvabi_running running;

    return xenhvabi_running(abi->xcall, &running)
               ? -1
               : is_there(xenhvabi_find_sysctl(cmd), &running, running.sysctl);
}

int xenhvabi_has_other(struct hvabi *abi, unsigned other)
{
    struct hvabi_running running;

    return xenhvabi_running(abi->xcall, &running)
               ? -1
               : is_there(xenhvabi_other(other), &running, NULL);
}

unsigned xenhvabi_domctl_release(struct hvabi *abi, unsigned cmd)
{
    struct hvabi_running running;
    bool stable;

    if (check_domctl(abi, cmd, &running, &stable)) {
        return 0;
    }
    return running.domctl ? running.domctl->release : running.release;
}

unsigned xenhvabi_sysctl_release(struct hvabi *abi, unsigned cmd)
{
    struct hvabi_running running;

    return check_sysctl(abi, cmd, &running) ? 0 : running.sysctl->release;
}

int xenhvabi_domctl(struct hvabi *abi, unsigned cmd, uint16_t *domid,
                    struct hvabi_payload *payload)
{
    struct hvabi_domctl request = {.cmd = cmd, .domain = *domid, .u = *payload};
    struct hvabi_running running;
    bool stable;

    if (check_domctl(abi, cmd, &running, &stable)) {
        return -1;
    }
    request.interface_version = stable ? 0 : running.domctl->domctl;
    int result = xenhvabi_send_domctl(abi->xcall, &request);
    *domid = request.domain;
    *payload = request.u;
    return result;
}

int xenhvabi_order(struct hvabi *abi, unsigned cmd, uint16_t domid, const void *payload,
                   size_t size)
{
    struct hvabi_payload bytes = {{0}};

    memcpy(&bytes, payload, size);
    return xenhvabi_domctl(abi, cmd, &domid, &bytes);
}

int xenhvabi_sysctl(struct hvabi *abi, unsigned cmd, struct hvabi_payload *payload)
{
    struct hvabi_sysctl request = {.cmd = cmd, .u = *payload};
    struct hvabi_running running;

    if (check_sysctl(abi, cmd, &running)) {
        return -1;
    }
    request.interface_version = running.sysctl->sysctl;
    int result = xenhvabi_send_sysctl(abi->xcall, &request);
    *payload = request.u;
    return result;
}

int xenhvabi_encode_request(struct hvabi *abi, const struct hvabi_operation *operation,
                            unsigned release, const void *canonical, size_t size,
                            struct hvabi_payload *payload)
{
    const struct hvabi_layout *layout = xenhvabi_layout_of(operation->layouts, release);
    const struct hvabi_layout *newest = xenhvabi_newest_layout(operation->layouts);
    const struct hvabi_field *field = xenhvabi_unexpressed(layout, newest, canonical, size);

    if (field) {
        return xenhvabi_refuse(abi, operation, "Xen %u.%u cannot express the value of %s in %s",
                               HVABI_MAJOR(release), HVABI_MINOR(release), field->name,
                               operation->name);
    }
    xenhvabi_encode(layout, canonical, payload);
    return 0;
}
