/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxentoollog's pages take for granted. */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include <xencall.h>
#include <xenevtchn.h>
#include <xentoollog.h>

struct journal;
extern struct journal *journal;
extern xentoollog_logger *logger;
extern xenevtchn_handle *evtchn;
extern evtchn_port_t port;
extern unsigned long pages;
void copy_page(unsigned long page);
void journal_add(struct journal *book, xentoollog_level level, const char *context,
                 const char *text);
