/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "library_log.h"

#include <errno.h>

void xenlibs_log_init(struct xenlibs_log *log, xentoollog_logger *callers,
                      const char *context)
{
    log->callers = callers;
    log->own = NULL;
    log->context = context;
    pthread_mutex_init(&log->mutex, NULL);
}

void xenlibs_log_destroy(struct xenlibs_log *log)
{
    xtl_logger_destroy(log->own);
    pthread_mutex_destroy(&log->mutex);
}

static xentoollog_logger *own_logger(struct xenlibs_log *log)
{
    xentoollog_logger *logger;

    pthread_mutex_lock(&log->mutex);
    if (!log->own)
        log->own = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr, XTL_PROGRESS, 0);
    logger = log->own;
    pthread_mutex_unlock(&log->mutex);
    return logger;
}

void xenlibs_log(struct xenlibs_log *log, xentoollog_level level, int errnoval,
                 const char *format, ...)
{
    int saved = errno;
    xentoollog_logger *logger = log->callers;
    va_list al;

    if (!logger && level >= XTL_PROGRESS)
        logger = own_logger(log);
    if (logger) {
        va_start(al, format);
        xtl_logv(logger, level, errnoval, log->context, format, al);
        va_end(al);
    }
    errno = saved;
}
