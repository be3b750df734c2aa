/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxentoollog: loggers, through which the Xen libraries speak.
 *
 * A library never prints. It hands its messages to the logger that its caller
 * passed at open; where the caller passed NULL, to one that writes to stderr.
 */
#ifndef XENTOOLLOG_H
#define XENTOOLLOG_H

#include <stdarg.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define XTL_PRINTF_FORMAT(format_at, arguments_at) \
    __attribute__((__format__(__printf__, format_at, arguments_at)))
#else
#define XTL_PRINTF_FORMAT(format_at, arguments_at)
#endif

/* How much a message matters, from least to most. */
typedef enum xentoollog_level {
    XTL_NONE, /* no level: never used for a message */
    XTL_DEBUG,
    XTL_VERBOSE,
    XTL_DETAIL,
    XTL_PROGRESS,
    XTL_INFO,
    XTL_NOTICE,
    XTL_WARN,
    XTL_ERROR,
    XTL_CRITICAL,
    XTL_NUM_LEVELS
} xentoollog_level;

/*
 * A logger is three functions. To write one, put this struct first in your
 * own and fill it in; the loggers below are made the same way.
 *
 *   vmessage  takes one message. @errnoval is an errno value, or -1 when the
 *             message has none; @context names the speaker ("xencall") and may
 *             be NULL; neither it nor the text ends with a newline.
 *   progress  takes one step of a long operation; NULL if you show none.
 *   destroy   frees the logger.
 */
typedef struct xentoollog_logger xentoollog_logger;
struct xentoollog_logger {
    void (*vmessage)(struct xentoollog_logger *logger, xentoollog_level level,
                     int errnoval, const char *context, const char *format,
                     va_list al) XTL_PRINTF_FORMAT(5, 0);
    void (*progress)(struct xentoollog_logger *logger, const char *context,
                     const char *doing_what, int percent, unsigned long done,
                     unsigned long total);
    void (*destroy)(struct xentoollog_logger *logger);
};

/* ---- a logger that writes to a stdio stream ---- */

typedef struct xentoollog_logger_stdiostream xentoollog_logger_stdiostream;

#define XTL_STDIOSTREAM_SHOW_PID        001u
#define XTL_STDIOSTREAM_SHOW_DATE       002u
#define XTL_STDIOSTREAM_HIDE_PROGRESS   004u
#define XTL_STDIOSTREAM_PROGRESS_USE_CR 010u /* repaint one line */
#define XTL_STDIOSTREAM_PROGRESS_NO_CR  020u /* a line for each step */

/**
 * xtl_createlogger_stdiostream() - make a logger that writes lines to a stream
 * @f:         stays the caller's: it is flushed, never closed, and must outlive
 *             the logger
 * @min_level: messages below it are dropped
 * @flags:     XTL_STDIOSTREAM_*; without either PROGRESS flag, progress repaints
 *             one line if @f is a terminal
 *
 * A message becomes one line,
 *   [date ][[pid] ][context: ]level: text[: strerror(errnoval)]
 * that reaches the file with one write(2): lines of several threads, or of
 * several processes on one O_APPEND file, are never mixed. It goes past stdio's
 * buffer, so that ftell(3) may lag behind. Progress that moves forward by less
 * than 5 % counts as XTL_DETAIL, else as XTL_PROGRESS.
 *
 * Return: the logger, or NULL with errno: EINVAL (both PROGRESS flags), ENOMEM.
 * To log with it, cast it to xentoollog_logger *. Free it with
 * xtl_logger_destroy(). Threads: a logger may be used by many at once.
 */
xentoollog_logger_stdiostream *
xtl_createlogger_stdiostream(FILE *f, xentoollog_level min_level, unsigned flags);

/**
 * xtl_stdiostream_set_minlevel() - change the level below which messages are dropped
 *
 * Threads: safe; a message that is being written is finished first.
 */
void xtl_stdiostream_set_minlevel(xentoollog_logger_stdiostream *logger,
                                  xentoollog_level min_level);

/**
 * xtl_stdiostream_adjust_flags() - clear some flags, then set others
 *
 * Whether progress repaints was settled when the logger was made and does not
 * change. Hiding progress erases a line that is being repainted.
 * Threads: safe.
 */
void xtl_stdiostream_adjust_flags(xentoollog_logger_stdiostream *logger,
                                  unsigned set_flags, unsigned clear_flags);

/* ---- loggers that hand messages on ---- */

/* Takes one message; @text is formatted, without newline, valid during the call. */
typedef void xtl_message_fn(void *user, xentoollog_level level, int errnoval,
                            const char *context, const char *text);
/* Takes one step of progress, as xentoollog_logger's own progress does. */
typedef void xtl_progress_fn(void *user, const char *context, const char *doing_what,
                             int percent, unsigned long done, unsigned long total);

/**
 * xtl_createlogger_callback() - make a logger that calls a function
 * @min_level: messages below it are dropped unformatted
 * @message:   called for each other message
 * @progress:  called for each step of progress, or NULL
 * @user:      passed to both
 *
 * Return: the logger, or NULL with errno: EINVAL (@message is NULL), ENOMEM.
 * Free it with xtl_logger_destroy(). Threads: the functions may be called from
 * several threads at once; nothing is locked around them.
 */
xentoollog_logger *xtl_createlogger_callback(xentoollog_level min_level,
                                             xtl_message_fn *message,
                                             xtl_progress_fn *progress, void *user);

/**
 * xtl_createlogger_syslog() - make a logger that writes to syslog(3)
 * @min_level: messages below it are dropped
 * @facility:  LOG_USER, LOG_DAEMON, …, or 0 for the one named to openlog(3)
 *
 * Each message is one syslog entry, "[context: ]text[: strerror(errnoval)]", with
 * the priority that fits its level. Progress is not written. The program's own
 * openlog(3) settings stay untouched.
 *
 * Return: the logger, or NULL with errno: EINVAL (@facility is none, or holds a
 * priority as well), ENOMEM. Free it with xtl_logger_destroy(). Threads: safe.
 */
xentoollog_logger *xtl_createlogger_syslog(xentoollog_level min_level, int facility);

/**
 * xtl_logger_destroy() - free a logger of any kind
 * @logger: NULL is allowed
 *
 * No handle may still use it. Keeps errno.
 */
void xtl_logger_destroy(struct xentoollog_logger *logger);

/* ---- for those who log ---- */

/**
 * xtl_log(), xtl_logv() - log one message
 * @level:    above XTL_NONE and below XTL_NUM_LEVELS; any other value is
 *            logged as XTL_CRITICAL, so that the message is not lost
 * @errnoval: an errno value whose text is to follow the message, or -1
 * @context:  who speaks, or NULL
 * @format:   as for printf(3), without a newline
 *
 * Keep errno. Threads, blocking, allocation: as the logger has them; those of
 * this library are safe from any thread, block as long as the stream does, and
 * allocate only for messages above 1 KiB.
 */
void xtl_logv(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
              const char *context, const char *format, va_list al)
    XTL_PRINTF_FORMAT(5, 0);
void xtl_log(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
             const char *context, const char *format, ...) XTL_PRINTF_FORMAT(5, 6);

/**
 * xtl_progress() - report one step of a long operation
 * @context:    who speaks, or NULL
 * @doing_what: a few words, without newline or carriage return
 * @done:       how much of @total is done, in any unit; @total may be 0
 *
 * Does nothing if the logger shows no progress. Keeps errno.
 */
void xtl_progress(struct xentoollog_logger *logger, const char *context,
                  const char *doing_what, unsigned long done, unsigned long total);

/**
 * xtl_level_to_string() - the name of a level, in lower case
 *
 * Never fails: a value that is no level gives a text in brackets that says so.
 * The string is constant.
 */
const char *xtl_level_to_string(xentoollog_level level);

/*
 * For logger implementations: allocates a xentoollog_logger_NAME, copies
 * `buffer` (one of those, its member `vtable` being a xentoollog_logger) into
 * it, and points vtable at NAME_vmessage, NAME_progress and NAME_destroy.
 * Gives the new logger, or NULL after reporting ENOMEM to `buffer` itself.
 * Wants <errno.h> and <stdlib.h>, and a compiler with statement expressions.
 */
#define XTL_NEW_LOGGER(NAME, buffer)                                          \
    ({                                                                        \
        xentoollog_logger_##NAME *xtl_new_logger_;                            \
        (buffer).vtable.vmessage = NAME##_vmessage;                           \
        (buffer).vtable.progress = NAME##_progress;                           \
        (buffer).vtable.destroy = NAME##_destroy;                             \
        xtl_new_logger_ =                                                     \
            (xentoollog_logger_##NAME *)malloc(sizeof(*xtl_new_logger_));     \
        if (xtl_new_logger_)                                                  \
            *xtl_new_logger_ = (buffer);                                      \
        else                                                                  \
            xtl_log(&(buffer).vtable, XTL_CRITICAL, errno, "xtl",             \
                    "no memory for a logger");                                \
        xtl_new_logger_;                                                      \
    })

#ifdef __cplusplus
}
#endif

#endif /* XENTOOLLOG_H */
