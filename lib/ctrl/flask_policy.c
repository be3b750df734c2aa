/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the loaded policy says: its switches, its decisions, the cache of these. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "call.h"
#include "flask.h"
#include "xenctrl/bitmap.h"

/* ---- switches ---- */

enum { BY_NAME = -1 };

/* The request with @size bytes of @name, which become the answer's. */
static int boolean_op(xc_interface *xch, xen_flask_op_t *request, char *name, uint32_t size)
{
    char *buffer = NULL;

    if (name) {
        buffer = xenctrl_buffer_copy(xch, name, size);
        if (!buffer) {
            return -1;
        }
        request->u.boolean.size = size;
        set_xen_guest_handle_raw(request->u.boolean.name, buffer);
    }
    int result = xc_flask_op(xch, request);
    if (result >= 0 && buffer && request->u.boolean.bool_id != (uint32_t)BY_NAME) {
        memcpy(name, buffer, size);
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

/* How long a name is for Xen: releases up to 4.22 have no switch that ends in a zero byte. */
static int name_size(xc_interface *xch, const char *name)
{
    int quirk = xenctrl_check_open(xch)
                    ? -1
                    : xenhvabi_quirk(&xch->abi, HVABI_QUIRK_FLASK_TEXTS_COUNT_ZERO);

    return quirk < 0 ? -1 : (int)strlen(name) + quirk;
}

static int named_op(xc_interface *xch, xen_flask_op_t *request, const char *name)
{
    int size = name_size(xch, name);

    if (size < 0) {
        return xenctrl_result(xch, size, "an XSM operation");
    }
    char *buffer = xenctrl_buffer_copy(xch, name, (size_t)size);
    if (!buffer) {
        return -1;
    }
    request->u.boolean.bool_id = (uint32_t)BY_NAME;
    request->u.boolean.size = (uint32_t)size;
    set_xen_guest_handle_raw(request->u.boolean.name, buffer);
    int result = xc_flask_op(xch, request);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

static int tell(int result, const xen_flask_boolean_t *boolean, int *enabled, int *pending)
{
    if (result >= 0 && enabled) {
        *enabled = boolean->enforcing;
    }
    if (result >= 0 && pending) {
        *pending = boolean->pending;
    }
    return result;
}

int xc_flask_getbool_byid(xc_interface *xch, int id, char *name, uint32_t size, int *enabled,
                          int *pending)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_GETBOOL);
    request.u.boolean.bool_id = (uint32_t)id;
    if (id < 0) {
        return xenctrl_refused(xch, ENOENT, "there is no switch %d", id);
    }
    return tell(boolean_op(xch, &request, name, size), &request.u.boolean, enabled, pending);
}

int xc_flask_getbool_byname(xc_interface *xch, char *name, int *enabled, int *pending)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_GETBOOL);
    return tell(named_op(xch, &request, name), &request.u.boolean, enabled, pending);
}

int xc_flask_setbool(xc_interface *xch, char *name, int value, int commit)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_SETBOOL);
    request.u.boolean.new_value = value != 0;
    request.u.boolean.commit = commit != 0;
    return named_op(xch, &request, name);
}

/* ---- decisions ---- */

static void answer(uint32_t *where, uint32_t what)
{
    if (where) {
        *where = what;
    }
}

int xc_flask_access(xc_interface *xch, const char *scon, const char *tcon, uint16_t tclass,
                    uint32_t req, uint32_t *allowed, uint32_t *decided, uint32_t *auditallow,
                    uint32_t *auditdeny, uint32_t *seqno)
{
    xen_flask_op_t request;
    xen_flask_access_t *access = &request.u.access;

    ctrl_flask_begin(&request, FLASK_ACCESS);
    request.u.access.tclass = tclass;
    request.u.access.req = req;
    if (xenctrl_flask_sid_of(xch, scon, &access->ssid) ||
        xenctrl_flask_sid_of(xch, tcon, &access->tsid) || xc_flask_op(xch, &request) < 0) {
        return -1;
    }
    answer(allowed, access->allowed);
    answer(decided, UINT32_MAX);
    answer(auditallow, access->audit_allow);
    answer(auditdeny, access->audit_deny);
    answer(seqno, access->seqno);
    if ((access->allowed & req) == req) {
        return 0;
    }
    return xenctrl_refused(xch, EACCES, "%s may do 0x%x of 0x%x to %s", scon,
                           access->allowed & req, req, tcon);
}

/* ---- the access vector cache ---- */

int xc_flask_getavc_threshold(xc_interface *xch)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_GETAVC_THRESHOLD);
    return xc_flask_op(xch, &request);
}

int xc_flask_setavc_threshold(xc_interface *xch, int threshold)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_SETAVC_THRESHOLD);
    request.u.setavc_threshold.threshold = (uint32_t)threshold;
    return xc_flask_op(xch, &request);
}

/* What is being written: @room bytes are left at @at. */
struct text {
    char *at;
    size_t room;
};

static int add_line(xc_interface *xch, struct text *text, const char *format, ...)
    XTL_PRINTF_FORMAT(3, 4);

static int add_line(xc_interface *xch, struct text *text, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    int length = vsnprintf(text->at, text->room, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= text->room) {
        return xenctrl_refused(xch, ERANGE, "there is too little room for the statistics");
    }
    text->at += length;
    text->room -= (size_t)length;
    return 0;
}

/* A CPU that is offline has no line. */
static int add_cpu(xc_interface *xch, struct text *text, uint32_t cpu)
{
    xen_flask_op_t request;
    const xen_flask_cache_stats_t *stats = &request.u.cache_stats;

    ctrl_flask_begin(&request, FLASK_AVC_CACHESTATS);
    request.u.cache_stats.cpu = cpu;
    if (xc_flask_op(xch, &request) < 0) {
        return errno == ENOENT ? 0 : -1;
    }
    return add_line(xch, text, "%u %u %u %u %u %u\n", stats->lookups, stats->hits, stats->misses,
                    stats->allocations, stats->reclaims, stats->frees);
}

int xc_flask_avc_cachestats(xc_interface *xch, char *buf, int size)
{
    struct text text = {buf, size > 0 ? (size_t)size : 0};
    int cpus = xc_get_max_cpus(xch);

    if (cpus < 0 ||
        add_line(xch, &text, "lookups hits misses allocations reclaims frees\n")) {
        return -1;
    }
    for (uint32_t cpu = 0; cpu < (uint32_t)cpus; cpu++) {
        if (add_cpu(xch, &text, cpu)) {
            return -1;
        }
    }
    return 0;
}

int xc_flask_avc_hashstats(xc_interface *xch, char *buf, int size)
{
    xen_flask_op_t request;
    const xen_flask_hash_stats_t *stats = &request.u.hash_stats;
    struct text text = {buf, size > 0 ? (size_t)size : 0};

    ctrl_flask_begin(&request, FLASK_AVC_HASHSTATS);
    if (xc_flask_op(xch, &request) < 0) {
        return -1;
    }
    return add_line(xch, &text, "entries: %u\nbuckets used: %u/%u\nlongest chain: %u\n",
                    stats->entries, stats->buckets_used, stats->buckets_total,
                    stats->max_chain_len);
}
