/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COMPLAINTS_SHOWN = 10 };

static char *next_text(void)
{
    static _Thread_local char texts[4][LEDGER_TEXT_BYTES];
    static _Thread_local unsigned next;

    return texts[next++ % 4];
}

const char *ledger_path(unsigned watch, int change)
{
    char *text = next_text();

    if (change == THE_FIRST_EVENT)
        snprintf(text, LEDGER_TEXT_BYTES, LEDGER_TOP "/%u", watch);
    else
        snprintf(text, LEDGER_TEXT_BYTES, LEDGER_TOP "/%u/%d", watch, change);
    return text;
}

const char *ledger_token(unsigned watch)
{
    char *text = next_text();

    snprintf(text, LEDGER_TEXT_BYTES, "token number %u", watch);
    return text;
}

void ledger_complain(struct ledger *ledger, const char *format, ...)
{
    va_list arguments;

    if (ledger->complaints++ >= COMPLAINTS_SHOWN)
        return;
    printf("# ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* Takes an event's two texts apart; false if they are not what was watched for. */
static bool understand(const struct ledger *ledger, const char *path, const char *token,
                       unsigned *watch, int *change)
{
    if (sscanf(token, "token number %u", watch) != 1 || *watch >= WATCHES)
        return false;
    *change = THE_FIRST_EVENT;
    sscanf(path, LEDGER_TOP "/%*u/%d", change);
    return *change < (int)ledger->changes && strcmp(path, ledger_path(*watch, *change)) == 0;
}

void ledger_take(struct ledger *ledger, const char *path, const char *token)
{
    unsigned watch, times;
    int change;

    ledger->taken++;
    if (!understand(ledger, path, token, &watch, &change)) {
        ledger_complain(ledger, "an event that nothing was watched for: '%s' of '%s'", token, path);
        return;
    }
    if (ledger->closed[watch])
        ledger_complain(ledger, "%s came after its watch had been taken away", path);
    times = change == THE_FIRST_EVENT ? ++ledger->first[watch] : ++ledger->times[watch][change];
    if (times > 1)
        ledger_complain(ledger, "%s came %u times", path, times);
}

static unsigned taken_of(const struct ledger *ledger, unsigned watch)
{
    unsigned taken = ledger->first[watch];

    for (unsigned change = 0; change < ledger->changes; change++)
        taken += ledger->times[watch][change];
    return taken;
}

bool ledger_is_full(const struct ledger *ledger)
{
    unsigned due = 0, taken = 0;

    for (unsigned watch = 0; watch < WATCHES; watch++)
        due += ledger->closed[watch] ? 0 : ledger->changes + 1;
    if (ledger->taken < due)
        return false;
    for (unsigned watch = 0; watch < WATCHES; watch++)
        taken += ledger->closed[watch] ? 0 : taken_of(ledger, watch);
    return taken >= due;
}

/* The last change of @writer that came, or one before the first. */
static int last_taken(const struct ledger *ledger, unsigned watch, int writer)
{
    int last = writer - 2;

    for (int change = writer; change < (int)ledger->changes; change += 2)
        if (ledger->times[watch][change])
            last = change;
    return last;
}

static void balance_watch(struct ledger *ledger, unsigned watch)
{
    if (!ledger->closed[watch] && !ledger->first[watch])
        ledger_complain(ledger, "the first event of %s was lost", ledger_token(watch));
    for (int writer = 0; writer < 2; writer++) {
        int due = ledger->closed[watch] ? last_taken(ledger, watch, writer)
                                        : (int)ledger->changes - 1;

        for (int change = writer; change <= due; change += 2)
            if (!ledger->times[watch][change])
                ledger_complain(ledger, "%s was lost", ledger_path(watch, change));
    }
}

void ledger_balance(struct ledger *ledger)
{
    for (unsigned watch = 0; watch < WATCHES; watch++)
        balance_watch(ledger, watch);
}
