/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xentoollog.h"
#include "line.h"

#include <errno.h>
#include <stdlib.h>
#include <syslog.h>

struct syslog_logger {
    xentoollog_logger vtable;
    xentoollog_level min_level;
    int facility;
};

static const int priorities[XTL_NUM_LEVELS] = {
    [XTL_NONE] = LOG_CRIT,
    [XTL_DEBUG] = LOG_DEBUG,
    [XTL_VERBOSE] = LOG_DEBUG,
    [XTL_DETAIL] = LOG_DEBUG,
    [XTL_PROGRESS] = LOG_INFO,
    [XTL_INFO] = LOG_INFO,
    [XTL_NOTICE] = LOG_NOTICE,
    [XTL_WARN] = LOG_WARNING,
    [XTL_ERROR] = LOG_ERR,
    [XTL_CRITICAL] = LOG_CRIT,
};

XTL_PRINTF_FORMAT(5, 0)
static void syslog_vmessage(xentoollog_logger *logger, xentoollog_level level,
                            int errnoval, const char *context, const char *format,
                            va_list al)
{
    struct syslog_logger *self = (struct syslog_logger *)logger;
    struct line line;

    if (level < self->min_level)
        return;
    xtl_line_init(&line);
    if (context)
        xtl_line_append(&line, "%s: ", context);
    xtl_line_append_v(&line, format, al);
    xtl_line_append_errno(&line, errnoval);
    syslog(self->facility | priorities[level], "%s", line.text);
    xtl_line_free(&line);
}

static void syslog_destroy(xentoollog_logger *logger)
{
    free(logger);
}

xentoollog_logger *xtl_createlogger_syslog(xentoollog_level min_level, int facility)
{
    struct syslog_logger *self;

    if (facility & ~LOG_FACMASK || LOG_FAC(facility) >= LOG_NFACILITIES) {
        errno = EINVAL;
        return NULL;
    }
    self = malloc(sizeof(*self));
    if (!self)
        return NULL;

    self->vtable.vmessage = syslog_vmessage;
    self->vtable.progress = NULL;
    self->vtable.destroy = syslog_destroy;
    self->min_level = min_level;
    self->facility = facility;
    return &self->vtable;
}
