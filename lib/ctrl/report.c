/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include <errno.h>
#include <string.h>

/* ---- the last error ---- */

static void keep(xc_interface *xch, enum xc_error_code code, const char *text)
{
    pthread_mutex_lock(&xch->mutex);
    xch->last_error.code = code;
    snprintf(xch->last_error.message, sizeof(xch->last_error.message), "%s", text);
    pthread_mutex_unlock(&xch->mutex);
}

const xc_error *xc_get_last_error(xc_interface *handle)
{
    return &handle->last_error;
}

void xc_clear_last_error(xc_interface *xch)
{
    keep(xch, XC_ERROR_NONE, "");
}

const char *xc_error_code_to_desc(int code)
{
    switch (code) {
    case XC_ERROR_NONE:
        return "No error";
    case XC_INTERNAL_ERROR:
        return "Internal error";
    case XC_INVALID_KERNEL:
        return "Invalid kernel";
    case XC_INVALID_PARAM:
        return "Invalid parameter";
    case XC_OUT_OF_MEMORY:
        return "Out of memory";
    default:
        return "Unknown error";
    }
}

const char *xc_strerror(xc_interface *xch, int errcode)
{
    (void)xch;
    return strerror(errcode);
}

/* ---- our own functions' failures ---- */

static void note(xc_interface *xch, int errnoval, const char *format, va_list arguments)
{
    char what[XC_MAX_ERROR_MSG_LEN - 64], sentence[XC_MAX_ERROR_MSG_LEN];

    vsnprintf(what, sizeof(what), format, arguments);
    snprintf(sentence, sizeof(sentence), "%s: %s", what, strerror(errnoval));
    keep(xch, errnoval == ENOMEM ? XC_OUT_OF_MEMORY : XC_INTERNAL_ERROR, sentence);
    xenlibs_log(&xch->log, XTL_DEBUG, -1, "%s", sentence);
}

int xenctrl_failed(xc_interface *xch, const char *format, ...)
{
    int saved = errno;
    va_list arguments;

    va_start(arguments, format);
    note(xch, saved, format, arguments);
    va_end(arguments);
    errno = saved;
    return -1;
}

int xenctrl_refused(xc_interface *xch, int errnoval, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    note(xch, errnoval, format, arguments);
    va_end(arguments);
    errno = errnoval;
    return -1;
}

/* ---- libxenguest's ---- */

/* libxenguest's sentences hold the text of errno where it says something. */
void xc_reportv(xc_interface *xch, xentoollog_logger *logger, xentoollog_level level, int code,
                const char *format, va_list arguments)
{
    int saved = errno;
    bool has_code = code != XC_ERROR_NONE;
    const char *colon = has_code ? ": " : "", *kind = has_code ? xc_error_code_to_desc(code) : "";
    char text[XC_MAX_ERROR_MSG_LEN];

    vsnprintf(text, sizeof(text), format, arguments);
    if (level >= XTL_ERROR) {
        keep(xch, (enum xc_error_code)code, text);
    }
    if (logger && logger != xch->error_handler) {
        xtl_log(logger, level, -1, "xc", "%s%s%s", text, colon, kind);
    } else {
        xenlibs_log(&xch->log, level, -1, "%s%s%s", text, colon, kind);
    }
    errno = saved;
}

void xc_report(xc_interface *xch, xentoollog_logger *logger, xentoollog_level level, int code,
               const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    xc_reportv(xch, logger, level, code, format, arguments);
    va_end(arguments);
}

void xc_report_error(xc_interface *xch, int code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    xc_reportv(xch, xch->error_handler, XTL_ERROR, code, format, arguments);
    va_end(arguments);
}

const char *xc_set_progress_prefix(xc_interface *xch, const char *doing)
{
    const char *old = xch->currently_progress_reporting;

    xch->currently_progress_reporting = doing;
    return old;
}

/* Nobody asked for progress on stderr: only a logger of the caller's shows it. */
static void progress(xc_interface *xch, const char *doing, unsigned long done,
                     unsigned long total)
{
    int saved = errno;

    if (xch->error_handler && doing) {
        xtl_progress(xch->error_handler, "xc", doing, done, total);
    }
    errno = saved;
}

void xc_report_progress_single(xc_interface *xch, const char *doing)
{
    progress(xch, doing, 0, 0);
}

void xc_report_progress_step(xc_interface *xch, unsigned long done, unsigned long total)
{
    progress(xch, xch->currently_progress_reporting, done, total);
}
