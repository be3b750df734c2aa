/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What went wrong: kept for xc_get_last_error(), and told to the logger. */
#ifndef XENCTRL_REPORT_H
#define XENCTRL_REPORT_H

#include <stdarg.h>

#include "handle.h"

/*
 * Notes that something failed for the reason in errno, and returns -1. The
 * logger is told at XTL_DEBUG: many failures are answers, such as "no such
 * domain". Keeps errno.
 */
int xenctrl_failed(xc_interface *xch, const char *format, ...) XTL_PRINTF_FORMAT(2, 3);

/* The same where the caller is at fault: errno becomes @errnoval first. */
int xenctrl_refused(xc_interface *xch, int errnoval, const char *format, ...)
    XTL_PRINTF_FORMAT(3, 4);

/* ---- exported for upstream's libxenguest, which has no other way to report ---- */

/* Log at @level, with what @code means unless it is XC_ERROR_NONE. Keep errno. */
void xc_report(xc_interface *xch, xentoollog_logger *logger, xentoollog_level level, int code,
               const char *format, ...) XTL_PRINTF_FORMAT(5, 6);
void xc_reportv(xc_interface *xch, xentoollog_logger *logger, xentoollog_level level, int code,
                const char *format, va_list arguments) XTL_PRINTF_FORMAT(5, 0);

/* An error as it is: noted for xc_get_last_error() and logged at XTL_ERROR. Keeps errno. */
void xc_report_error(xc_interface *xch, int code, const char *format, ...)
    XTL_PRINTF_FORMAT(3, 4);

/* Name what is in progress from now on (returning the old name); report on it. */
const char *xc_set_progress_prefix(xc_interface *xch, const char *doing);
void xc_report_progress_single(xc_interface *xch, const char *doing);
void xc_report_progress_step(xc_interface *xch, unsigned long done, unsigned long total);

#endif
