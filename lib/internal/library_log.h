/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The logger of a handle: the caller's, or one of our own to stderr, made when
 * there is something to say. Most handles never do, and so pay nothing for it.
 */
#ifndef XENLIBS_LIBRARY_LOG_H
#define XENLIBS_LIBRARY_LOG_H

#include <pthread.h>

#include "xentoollog.h"

struct xenlibs_log {
    xentoollog_logger *callers; /* borrowed, or NULL */
    xentoollog_logger *own;     /* made on demand, destroyed with the handle */
    const char *context;        /* the name messages start with; a constant */
    pthread_mutex_t mutex;      /* guards `own` */
};

void xenlibs_log_init(struct xenlibs_log *log, xentoollog_logger *callers,
                      const char *context);
void xenlibs_log_destroy(struct xenlibs_log *log);

/*
 * Logs at @level, followed by the text of @errnoval unless that is -1. What
 * cannot be logged for want of memory is dropped. Keeps errno.
 */
void xenlibs_log(struct xenlibs_log *log, xentoollog_level level, int errnoval,
                 const char *format, ...) XTL_PRINTF_FORMAT(4, 5);

/* Logs a failure with the text of errno, at XTL_ERROR. Keeps errno. */
#define xenlibs_log_error(log, ...) xenlibs_log(log, XTL_ERROR, errno, __VA_ARGS__)

#endif
