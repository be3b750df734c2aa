/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xentoollog.h"

#include <errno.h>
#include <limits.h>

static xentoollog_level known_level(xentoollog_level level)
{
    unsigned value = (unsigned)level;

    return value > XTL_NONE && value < XTL_NUM_LEVELS ? level : XTL_CRITICAL;
}

void xtl_logv(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
              const char *context, const char *format, va_list al)
{
    int saved = errno;

    logger->vmessage(logger, known_level(level), errnoval, context, format, al);
    errno = saved;
}

void xtl_log(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
             const char *context, const char *format, ...)
{
    va_list al;

    va_start(al, format);
    xtl_logv(logger, level, errnoval, context, format, al);
    va_end(al);
}

/* Large numbers lose a little precision rather than overflow. */
static int percentage(unsigned long done, unsigned long total)
{
    unsigned long percent;

    if (!total)
        return 0;
    if (total < LONG_MAX / 100 && done <= ULONG_MAX / 100)
        percent = done * 100 / total;
    else
        percent = done / (total / 100 + (total % 100 != 0));
    return percent < INT_MAX ? (int)percent : INT_MAX;
}

void xtl_progress(struct xentoollog_logger *logger, const char *context,
                  const char *doing_what, unsigned long done, unsigned long total)
{
    int saved = errno;

    if (!logger->progress)
        return;
    logger->progress(logger, context, doing_what, percentage(done, total), done, total);
    errno = saved;
}

void xtl_logger_destroy(struct xentoollog_logger *logger)
{
    int saved = errno;

    if (logger)
        logger->destroy(logger);
    errno = saved;
}
