/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XTL_NEW_LOGGER, as a program that writes its own logger uses it. */
#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xentoollog.h"

typedef struct {
    xentoollog_logger vtable;
    char *last;
    size_t size;
} xentoollog_logger_buffer;

static bool no_memory;

static void *scarce_malloc(size_t size)
{
    if (no_memory) {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(size);
}

XTL_PRINTF_FORMAT(5, 0)
static void buffer_vmessage(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                            const char *context, const char *format, va_list al)
{
    xentoollog_logger_buffer *self = (xentoollog_logger_buffer *)logger;
    int length = snprintf(self->last, self->size, "%s %d %s ", xtl_level_to_string(level),
                          errnoval, context);

    vsnprintf(self->last + length, self->size - (size_t)length, format, al);
}

#define buffer_progress NULL

static void buffer_destroy(xentoollog_logger *logger)
{
    free(logger);
}

#define malloc scarce_malloc

TEST(the_macro_makes_a_logger)
{
    char last[128] = "";
    xentoollog_logger_buffer model = {.last = last, .size = sizeof(last)};
    xentoollog_logger_buffer *logger = XTL_NEW_LOGGER(buffer, model);

    assert_non_null(logger);
    assert_ptr_not_equal(logger, &model);
    xtl_log(&logger->vtable, XTL_INFO, EPERM, "ctx", "text %d", 5);
    assert_string_equal(last, "info 1 ctx text 5");
    xtl_progress(&logger->vtable, NULL, "step", 1, 2);
    xtl_logger_destroy(&logger->vtable);
}

TEST(the_macro_reports_lack_of_memory_to_the_model)
{
    char last[128] = "";
    xentoollog_logger_buffer model = {.last = last, .size = sizeof(last)};
    xentoollog_logger_buffer *logger;

    no_memory = true;
    logger = XTL_NEW_LOGGER(buffer, model);
    assert_null(logger);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(strncmp(last, "critical 12 xtl ", 16), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_macro_makes_a_logger),
        cmocka_unit_test(the_macro_reports_lack_of_memory_to_the_model),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
