/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

static bool is_value_size(size_t size)
{
    return size == 1 || size == 2 || size == 4 || size == 8;
}

static uint64_t get_unsigned(const union xenhypfs_value *value, size_t size)
{
    switch (size) {
    case 1: return value->u8;
    case 2: return value->u16;
    case 4: return value->u32;
    default: return value->u64;
    }
}

static int64_t get_signed(const union xenhypfs_value *value, size_t size)
{
    switch (size) {
    case 1: return value->i8;
    case 2: return value->i16;
    case 4: return value->i32;
    default: return value->i64;
    }
}

static void put(union xenhypfs_value *value, size_t size, uint64_t number)
{
    switch (size) {
    case 1: value->u8 = (uint8_t)number; break;
    case 2: value->u16 = (uint16_t)number; break;
    case 4: value->u32 = (uint32_t)number; break;
    default: value->u64 = number; break;
    }
}

char *xenhypfs_value_to_text(const struct xenhypfs_entry *entry)
{
    size_t size = entry->about.size;
    union xenhypfs_value value = {{0}};
    char *text = NULL;
    int length;

    if (entry->about.encoding != xenhypfs_enc_plain || !is_value_size(size)) {
        errno = EDOM;
        return NULL;
    }
    memcpy(value.bytes, entry->content, size);
    switch (entry->about.type) {
    case xenhypfs_type_uint:
    case xenhypfs_type_bool:
        length = asprintf(&text, "%" PRIu64, get_unsigned(&value, size));
        break;
    case xenhypfs_type_int:
        length = asprintf(&text, "%" PRId64, get_signed(&value, size));
        break;
    default:
        errno = EDOM;
        return NULL;
    }
    return length < 0 ? NULL : text;
}

/* What strtoull() and its like made of the text: @end is where they stopped. */
static int check_number(const char *text, const char *end)
{
    if (end == text || *end)
        return xenlibs_fail(EINVAL);
    return errno ? xenlibs_fail(ERANGE) : 0;
}

/* strtoull() takes a minus, and turns the number round. */
static int parse_unsigned(const char *text, size_t size, uint64_t *number)
{
    unsigned unused_bits = 64 - 8 * (unsigned)size;
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 0);
    if (check_number(text, end))
        return -1;
    if (strchr(text, '-') || *number > UINT64_MAX >> unused_bits)
        return xenlibs_fail(ERANGE);
    return 0;
}

static int parse_signed(const char *text, size_t size, uint64_t *number)
{
    int64_t largest = INT64_MAX >> (64 - 8 * (unsigned)size);
    int64_t parsed;
    char *end;

    errno = 0;
    parsed = strtoll(text, &end, 0);
    if (check_number(text, end))
        return -1;
    if (parsed > largest || parsed < -largest - 1)
        return xenlibs_fail(ERANGE);
    *number = (uint64_t)parsed;
    return 0;
}

static int parse_switch(const char *text, uint64_t *number)
{
    static const char *const words[][2] = {
        {"0", "1"}, {"off", "on"}, {"no", "yes"}, {"false", "true"}, {"disable", "enable"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (*number = 0; *number < 2; ++*number)
            if (strcmp(text, words[i][*number]) == 0)
                return 0;
    return xenlibs_fail(EDOM);
}

static int parse(const struct xenhypfs_dirent *about, const char *text, uint64_t *number)
{
    switch (about->type) {
    case xenhypfs_type_uint: return parse_unsigned(text, about->size, number);
    case xenhypfs_type_int: return parse_signed(text, about->size, number);
    case xenhypfs_type_bool: return parse_switch(text, number);
    default: return xenlibs_fail(EDOM);
    }
}

int xenhypfs_value_from_text(const struct xenhypfs_dirent *about, const char *text,
                             union xenhypfs_value *value)
{
    uint64_t number;

    if (!is_value_size(about->size))
        return xenlibs_fail(EDOM);
    if (parse(about, text, &number))
        return -1;
    put(value, about->size, number);
    return 0;
}
