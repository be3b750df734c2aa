/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recorded_log.h"

#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 5, 0)))
record(xentoollog_logger *logger, xentoollog_level level, int errnoval,
       const char *context, const char *format, va_list al)
{
    struct recorded_log *log = (struct recorded_log *)logger;

    log->messages++;
    log->level = level;
    log->errnoval = errnoval;
    snprintf(log->context, sizeof(log->context), "%s", context);
    vsnprintf(log->text, sizeof(log->text), format, al);
}

static void count_destroy(xentoollog_logger *logger)
{
    ((struct recorded_log *)logger)->destroyed++;
}

void recorded_log_init(struct recorded_log *log)
{
    memset(log, 0, sizeof(*log));
    log->logger.vmessage = record;
    log->logger.destroy = count_destroy;
}
