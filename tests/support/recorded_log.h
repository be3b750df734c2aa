/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A logger that keeps what it hears, for tests of who logs what. It takes no lock: one thread. */
#ifndef XENLIBS_TESTS_RECORDED_LOG_H
#define XENLIBS_TESTS_RECORDED_LOG_H

#include "xentoollog.h"

struct recorded_log {
    xentoollog_logger logger; /* pass its address to an open function */
    unsigned destroyed;
    unsigned debugs; /* messages for debugging: not among those below */
    char debug_context[32];
    unsigned messages;
    unsigned errors; /* those of the messages that are errors */
    /* of the last message */
    xentoollog_level level;
    int errnoval;
    char context[32];
    char text[256];
};

#define RECORDED_LOG {.logger = {recorded_log_message, NULL, recorded_log_destroy}}

/* What the logger does; only for the line above. */
void recorded_log_message(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                          const char *context, const char *format, va_list al)
    __attribute__((format(printf, 5, 0))); /* Debian's headers have no macro for it */
void recorded_log_destroy(xentoollog_logger *logger);

#endif
