/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

struct asked asked[MACHINE_MEMORY_MAP + 1];
bool is_told[2], is_loaded[2];
unsigned questions;
struct recorded_log logged = RECORDED_LOG;
static answer_fn *answer;

uint64_t number_at(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;

    memcpy(&number, bytes, size);
    return number;
}

void put_number(uint8_t *bytes, uint64_t number, size_t size)
{
    memcpy(bytes, &number, size);
}

static void note_segments(const uint8_t *load, struct asked *noted)
{
    uint64_t count = number_at(load + 4, 4);
    size_t size = (size_t)count * 32;

    memcpy(noted->segments, (const void *)(uintptr_t)number_at(load + 8, 8),
           size < sizeof(noted->segments) ? size : sizeof(noted->segments));
}

static void note(unsigned op, uint64_t cmd, const uint8_t *request)
{
    struct asked *noted = &asked[cmd];

    assert_true(cmd < COUNT_OF(asked));
    questions++;
    noted->op = op;
    noted->times++;
    memcpy(noted->request, request, sizeof(noted->request));
    if (op == KEXEC_OP && cmd == LOAD)
        note_segments(request, noted);
}

static int keep_images(uint64_t cmd, uint8_t *request)
{
    unsigned type = request[0];

    if (cmd == STATUS)
        return is_told[type];
    if (cmd == LOAD || cmd == UNLOAD) {
        is_told[type] = !is_told[type];
        is_loaded[type] = cmd == LOAD;
    }
    return 0;
}

static int hypercall(unsigned op, const uint64_t *arguments, void *user)
{
    uint8_t *request = (uint8_t *)(uintptr_t)arguments[1];

    (void)user;
    note(op, arguments[0], request);
    return answer ? answer(arguments[0], request) : keep_images(arguments[0], request);
}

void answer_with(answer_fn *wanted)
{
    answer = wanted;
}

struct fakerelease *become(unsigned minor)
{
    struct fakerelease *xen = fakerelease_start(minor);

    xen->on_hypercall = hypercall;
    answer = NULL;
    questions = 0;
    memset(asked, 0, sizeof(asked));
    memset(is_told, 0, sizeof(is_told));
    memset(is_loaded, 0, sizeof(is_loaded));
    logged = (struct recorded_log)RECORDED_LOG;
    return xen;
}

xenkexec_handle *start(unsigned minor)
{
    xenkexec_handle *hdl;

    become(minor);
    hdl = xenkexec_open(&logged.logger, 0);
    assert_non_null(hdl);
    return hdl;
}

void stop(xenkexec_handle *hdl)
{
    assert_int_equal(xenkexec_close(hdl), 0);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(fakexen_mappings(), 0);
    assert_int_equal(logged.destroyed, 0);
}
