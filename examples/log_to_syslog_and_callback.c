/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sends what the Xen libraries say to two places: everything to a function of
 * ours, which shows it; what is serious to the system log as well.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include <xentoollog.h>

/* A message that passes through. @user is the logger for serious ones. */
static void show_and_pass_on(void *user, xentoollog_level level, int errnoval,
                             const char *context, const char *text)
{
    xentoollog_logger *system_log = user;

    printf("%-8s %s: %s\n", xtl_level_to_string(level), context ? context : "-", text);
    if (level >= XTL_WARN)
        xtl_log(system_log, level, errnoval, context, "%s", text);
}

static void show_progress(void *user, const char *context, const char *doing_what, int percent,
                          unsigned long done, unsigned long total)
{
    (void)user;
    printf("%3d %%    %s: %s (%lu of %lu)\n", percent, context, doing_what, done, total);
}

/* Where a program would open its handles: xencall_open(logger, 0), … */
static void work(xentoollog_logger *logger)
{
    for (unsigned long page = 0; page <= 1024; page += 512)
        xtl_progress(logger, "example", "copying pages", page, 1024);
    xtl_log(logger, XTL_INFO, -1, "example", "all %d pages copied", 1024);
    xtl_log(logger, XTL_WARN, EBUSY, "example", "one page was busy for a while");
}

int main(void)
{
    xentoollog_logger *system_log = xtl_createlogger_syslog(XTL_WARN, LOG_DAEMON);
    xentoollog_logger *logger;

    if (!system_log) {
        perror("cannot make a logger for the system log");
        return EXIT_FAILURE;
    }
    logger = xtl_createlogger_callback(XTL_DEBUG, show_and_pass_on, show_progress, system_log);
    if (!logger) {
        perror("cannot make a logger with a callback");
        xtl_logger_destroy(system_log);
        return EXIT_FAILURE;
    }
    work(logger);
    xtl_logger_destroy(logger);
    xtl_logger_destroy(system_log);
    return EXIT_SUCCESS;
}
