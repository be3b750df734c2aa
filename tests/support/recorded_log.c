/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recorded_log.h"

#include <stdio.h>

void recorded_log_message(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                          const char *context, const char *format, va_list al)
{
    struct recorded_log *log = (struct recorded_log *)logger;

    if (level <= XTL_DEBUG) {
        log->debugs++;
        snprintf(log->debug_context, sizeof(log->debug_context), "%s", context);
        return;
    }
    log->messages++;
    log->errors += level >= XTL_ERROR;
    log->level = level;
    log->errnoval = errnoval;
    snprintf(log->context, sizeof(log->context), "%s", context);
    vsnprintf(log->text, sizeof(log->text), format, al);
}

void recorded_log_destroy(xentoollog_logger *logger)
{
    ((struct recorded_log *)logger)->destroyed++;
}
