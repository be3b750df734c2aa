/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A logger that keeps what it hears, for tests of who logs what. */
#ifndef XENLIBS_TESTS_RECORDED_LOG_H
#define XENLIBS_TESTS_RECORDED_LOG_H

#include "xentoollog.h"

struct recorded_log {
    xentoollog_logger logger; /* pass its address to an open function */
    unsigned messages;
    unsigned destroyed;
    /* of the last message */
    xentoollog_level level;
    int errnoval;
    char context[32];
    char text[256];
};

void recorded_log_init(struct recorded_log *log);

#endif
