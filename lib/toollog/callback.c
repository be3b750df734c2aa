/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xentoollog.h"
#include "line.h"

#include <errno.h>
#include <stdlib.h>

struct callback_logger {
    xentoollog_logger vtable;
    xentoollog_level min_level;
    xtl_message_fn *message;
    xtl_progress_fn *progress;
    void *user;
};

XTL_PRINTF_FORMAT(5, 0)
static void callback_vmessage(xentoollog_logger *logger, xentoollog_level level,
                              int errnoval, const char *context, const char *format,
                              va_list al)
{
    struct callback_logger *self = (struct callback_logger *)logger;
    struct line line;

    if (level < self->min_level)
        return;
    xtl_line_init(&line);
    xtl_line_append_v(&line, format, al);
    self->message(self->user, level, errnoval, context, line.text);
    xtl_line_free(&line);
}

static void callback_progress(xentoollog_logger *logger, const char *context,
                              const char *doing_what, int percent, unsigned long done,
                              unsigned long total)
{
    struct callback_logger *self = (struct callback_logger *)logger;

    self->progress(self->user, context, doing_what, percent, done, total);
}

static void callback_destroy(xentoollog_logger *logger)
{
    free(logger);
}

xentoollog_logger *xtl_createlogger_callback(xentoollog_level min_level,
                                             xtl_message_fn *message,
                                             xtl_progress_fn *progress, void *user)
{
    struct callback_logger *self;

    if (!message) {
        errno = EINVAL;
        return NULL;
    }
    self = malloc(sizeof(*self));
    if (!self)
        return NULL;

    self->vtable.vmessage = callback_vmessage;
    self->vtable.progress = progress ? callback_progress : NULL;
    self->vtable.destroy = callback_destroy;
    self->min_level = min_level;
    self->message = message;
    self->progress = progress;
    self->user = user;
    return &self->vtable;
}
