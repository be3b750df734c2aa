/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xentoollog.h"
#include "line.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * The stream's own lock guards the logger too. So two loggers on one stream keep
 * out of each other's way, and a child of a process with threads may log: libc
 * frees the locks of streams in the child of a fork, which it does for no mutex.
 */
struct xentoollog_logger_stdiostream {
    xentoollog_logger vtable;
    FILE *f;
    xentoollog_level min_level;
    unsigned flags;
    bool repaints;          /* progress stays on one line of a terminal */
    size_t painted_columns; /* of the progress line the cursor stands on */
    int last_percent;
};

/* ThreadSanitizer does not know flockfile(3) for a lock. */
#if defined(__has_feature) && !defined(__SANITIZE_THREAD__)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define TELL_SANITIZER(what, object) what(object)
void __tsan_acquire(void *object);
void __tsan_release(void *object);
#else
#define TELL_SANITIZER(what, object) ((void)0)
#endif

static void lock(xentoollog_logger_stdiostream *self)
{
    flockfile(self->f);
    TELL_SANITIZER(__tsan_acquire, self->f);
}

static void unlock(xentoollog_logger_stdiostream *self)
{
    TELL_SANITIZER(__tsan_release, self->f);
    funlockfile(self->f);
}

static void write_fully(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t written = write(fd, text, length);

        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
}

/*
 * How many write(2)s stdio makes of a text depends on its buffer, on whether the
 * stream was used before, and on newlines in the text. Past the buffer it is one.
 * A stream without a descriptor (open_memstream) has no such worry.
 */
static void write_at_once(FILE *f, const char *text, size_t length)
{
    int fd = fileno_unlocked(f);

    fflush_unlocked(f);
    if (fd >= 0) {
        write_fully(fd, text, length);
    } else {
        fwrite_unlocked(text, 1, length, f);
        fflush_unlocked(f);
    }
}

static void append_erasure(xentoollog_logger_stdiostream *self, struct line *line)
{
    if (self->painted_columns)
        xtl_line_append(line, "\r%*s\r", (int)self->painted_columns, "");
    self->painted_columns = 0;
}

/* A stream may be closed before its logger: nothing painted, nothing touched. */
static void erase_progress(xentoollog_logger_stdiostream *self)
{
    struct line line;

    xtl_line_init(&line);
    append_erasure(self, &line);
    if (line.length)
        write_at_once(self->f, line.text, line.length);
    xtl_line_free(&line);
}

static void append_date(struct line *line)
{
    char text[64];
    struct tm now;
    time_t seconds = time(NULL);

    if (localtime_r(&seconds, &now) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %Z", &now))
        xtl_line_append(line, "%s ", text);
    else
        xtl_line_append(line, "[localtime failed] ");
}

static void append_prefix(xentoollog_logger_stdiostream *self, struct line *line,
                          xentoollog_level level, const char *context)
{
    if (self->flags & XTL_STDIOSTREAM_SHOW_DATE)
        append_date(line);
    if (self->flags & XTL_STDIOSTREAM_SHOW_PID)
        xtl_line_append(line, "[%lu] ", (unsigned long)getpid());
    if (context)
        xtl_line_append(line, "%s: ", context);
    xtl_line_append(line, "%s: ", xtl_level_to_string(level));
}

XTL_PRINTF_FORMAT(5, 0)
static void write_message(xentoollog_logger_stdiostream *self, xentoollog_level level,
                          int errnoval, const char *context, const char *format, va_list al)
{
    struct line line;

    if (level < self->min_level)
        return;
    xtl_line_init(&line);
    append_erasure(self, &line);
    append_prefix(self, &line, level, context);
    xtl_line_append_v(&line, format, al);
    xtl_line_append_errno(&line, errnoval);
    xtl_line_end(&line);
    write_at_once(self->f, line.text, line.length);
    xtl_line_free(&line);
}

XTL_PRINTF_FORMAT(5, 6)
static void write_formatted(xentoollog_logger_stdiostream *self, xentoollog_level level,
                            int errnoval, const char *context, const char *format, ...)
{
    va_list al;

    va_start(al, format);
    write_message(self, level, errnoval, context, format, al);
    va_end(al);
}

XTL_PRINTF_FORMAT(5, 0)
static void stdiostream_vmessage(xentoollog_logger *logger, xentoollog_level level,
                                 int errnoval, const char *context, const char *format,
                                 va_list al)
{
    xentoollog_logger_stdiostream *self = (xentoollog_logger_stdiostream *)logger;

    lock(self);
    write_message(self, level, errnoval, context, format, al);
    unlock(self);
}

/* Writes the new line over the old one, which may have been longer. */
static void repaint(xentoollog_logger_stdiostream *self, const char *context,
                    const char *doing_what, int percent, unsigned long done,
                    unsigned long total)
{
    struct line line;
    size_t columns, old_columns = self->painted_columns;

    xtl_line_init(&line);
    if (old_columns)
        xtl_line_append(&line, "\r");
    columns = line.length;
    xtl_line_append(&line, "%s%s%s: %lu/%lu  %3d%%", context ? context : "",
                    context ? ": " : "", doing_what, done, total, percent);
    columns = line.length - columns;
    if (columns < old_columns)
        xtl_line_append(&line, "%*s\r", (int)(old_columns - columns), "");
    if (done == total)
        xtl_line_end(&line);
    self->painted_columns = done == total ? 0 : columns;
    write_at_once(self->f, line.text, line.length);
    xtl_line_free(&line);
}

static void show_progress(xentoollog_logger_stdiostream *self, const char *context,
                          const char *doing_what, int percent, unsigned long done,
                          unsigned long total)
{
    xentoollog_level level = XTL_PROGRESS;

    if (self->flags & XTL_STDIOSTREAM_HIDE_PROGRESS || percent == self->last_percent)
        return;
    if (percent > self->last_percent && percent - self->last_percent < 5)
        level = XTL_DETAIL;
    if (level < self->min_level)
        return;

    self->last_percent = percent;
    if (self->repaints)
        repaint(self, context, doing_what, percent, done, total);
    else
        write_formatted(self, level, -1, context, "%s: %lu/%lu  %3d%%", doing_what,
                        done, total, percent);
}

static void stdiostream_progress(xentoollog_logger *logger, const char *context,
                                 const char *doing_what, int percent, unsigned long done,
                                 unsigned long total)
{
    xentoollog_logger_stdiostream *self = (xentoollog_logger_stdiostream *)logger;

    lock(self);
    show_progress(self, context, doing_what, percent, done, total);
    unlock(self);
}

static void stdiostream_destroy(xentoollog_logger *logger)
{
    xentoollog_logger_stdiostream *self = (xentoollog_logger_stdiostream *)logger;

    erase_progress(self);
    free(self);
}

static bool wants_repainting(FILE *f, unsigned flags)
{
    int saved = errno;
    bool repaints = flags & XTL_STDIOSTREAM_PROGRESS_USE_CR;

    if (!(flags & (XTL_STDIOSTREAM_PROGRESS_USE_CR | XTL_STDIOSTREAM_PROGRESS_NO_CR)))
        repaints = isatty(fileno(f)) > 0;
    errno = saved;
    return repaints;
}

xentoollog_logger_stdiostream *
xtl_createlogger_stdiostream(FILE *f, xentoollog_level min_level, unsigned flags)
{
    const unsigned both = XTL_STDIOSTREAM_PROGRESS_USE_CR | XTL_STDIOSTREAM_PROGRESS_NO_CR;
    xentoollog_logger_stdiostream *self;

    if ((flags & both) == both) {
        errno = EINVAL;
        return NULL;
    }
    self = calloc(1, sizeof(*self));
    if (!self)
        return NULL;

    self->vtable.vmessage = stdiostream_vmessage;
    self->vtable.progress = stdiostream_progress;
    self->vtable.destroy = stdiostream_destroy;
    self->f = f;
    self->min_level = min_level;
    self->flags = flags;
    self->repaints = wants_repainting(f, flags);
    if (flags & XTL_STDIOSTREAM_SHOW_DATE)
        tzset();
    return self;
}

void xtl_stdiostream_set_minlevel(xentoollog_logger_stdiostream *logger,
                                  xentoollog_level min_level)
{
    lock(logger);
    logger->min_level = min_level;
    unlock(logger);
}

void xtl_stdiostream_adjust_flags(xentoollog_logger_stdiostream *logger,
                                  unsigned set_flags, unsigned clear_flags)
{
    lock(logger);
    logger->flags = (logger->flags & ~clear_flags) | set_flags;
    if (set_flags & XTL_STDIOSTREAM_HIDE_PROGRESS)
        erase_progress(logger);
    unlock(logger);
}
