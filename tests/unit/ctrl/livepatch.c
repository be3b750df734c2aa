/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Livepatches: uploading, acting on them, and the list, in pieces and while it changes. */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { LIVEPATCH_OP = 27, UPLOAD = 0, GET = 1, LIST = 2, ACTION = 3 };

static const char unit[] = "xen_sysctl";

static uint64_t number_in(const uint8_t *payload, const char *field)
{
    return fakerelease_get(payload, fakerelease_field(running_minor, unit, "livepatch", field));
}

static void set_number(uint8_t *payload, const char *field, uint64_t value)
{
    set_field(running_minor, unit, "livepatch", field, payload, value);
}

static void *pointer_in(const uint8_t *payload, const char *field)
{
    return address_in(running_minor, unit, "livepatch", field, payload);
}

/* ---- uploading ---- */

static int see_payload(struct sent *request, uint8_t *payload)
{
    (void)request;
    assert_string_equal(pointer_in(payload, "u.upload.name.name.p"), "fix");
    assert_memory_equal(pointer_in(payload, "u.upload.payload.p"), "\177ELF!", 5);
    return 0;
}

TEST(an_upload_carries_name_and_payload)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned char elf[5] = {0177, 'E', 'L', 'F', '!'};

        answer_with(see_payload);
        assert_int_equal(xc_livepatch_upload(xch, (char *)"fix", elf, 5, false), 0);
        assert_sysctl(minor, LIVEPATCH_OP, "livepatch", {"u.upload.name.name.p", AN_ADDRESS},
                      {"u.upload.name.size", 4}, {"u.upload.size", 5},
                      {"u.upload.payload.p", AN_ADDRESS});
        requests = 0;
        if (minor < 19) {
            assert_fails_with(xc_livepatch_upload(xch, (char *)"fix", elf, 5, true), -1, ENOTSUP);
            assert_int_equal(requests, 0);
            assert_non_null(strstr(logged.text, "4.19"));
        } else {
            assert_int_equal(xc_livepatch_upload(xch, (char *)"fix", elf, 5, true), 0);
            assert_sysctl(minor, LIVEPATCH_OP, "livepatch", {"flags", 1},
                          {"u.upload.name.name.p", AN_ADDRESS}, {"u.upload.name.size", 4},
                          {"u.upload.size", 5}, {"u.upload.payload.p", AN_ADDRESS});
        }
        stop(xch);
    }
}

TEST(names_and_payloads_that_are_none_are_refused)
{
    xc_interface *xch = start(20);
    char longest[XEN_LIVEPATCH_NAME_SIZE], too_long[XEN_LIVEPATCH_NAME_SIZE + 1];
    unsigned char elf[5] = {0};
    xen_livepatch_status_t status;
    unsigned count;
    uint32_t size;

    memset(longest, 'x', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    memset(too_long, 'x', sizeof(too_long));
    too_long[sizeof(too_long) - 1] = '\0';
    assert_fails_with(xc_livepatch_upload(xch, NULL, elf, 5, false), -1, EINVAL);
    assert_fails_with(xc_livepatch_upload(xch, (char *)"fix", NULL, 5, false), -1, EINVAL);
    assert_fails_with(xc_livepatch_upload(xch, (char *)"fix", elf, 0, false), -1, EINVAL);
    assert_fails_with(xc_livepatch_upload(xch, too_long, elf, 5, false), -1, EINVAL);
    assert_fails_with(xc_livepatch_get(xch, NULL, &status), -1, EINVAL);
    assert_fails_with(xc_livepatch_get(xch, (char *)"", &status), -1, EINVAL);
    assert_fails_with(xc_livepatch_apply(xch, too_long, 0, 0), -1, EINVAL);
    assert_fails_with(xc_livepatch_list_get_sizes(xch, &count, &size, NULL), -1, EINVAL);
    assert_int_equal(requests, 0);
    assert_int_equal(xc_livepatch_apply(xch, longest, 0, 0), 0);
    stop(xch);
}

/* ---- one of them ---- */

static int tell_status(struct sent *request, uint8_t *payload)
{
    (void)request;
    if (number_in(payload, "cmd") == GET) {
        set_number(payload, "u.get.status.state", LIVEPATCH_STATE_APPLIED);
        set_number(payload, "u.get.status.rc", (uint32_t)-EAGAIN);
    }
    return 0;
}

TEST(a_livepatch_is_looked_at_and_acted_on)
{
    static const struct {
        int (*act)(xc_interface *, char *, uint32_t, uint32_t);
        unsigned cmd;
    } actions[] = {{xc_livepatch_unload, 1}, {xc_livepatch_revert, 2}, {xc_livepatch_apply, 3},
                   {xc_livepatch_replace, 4}};

    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xen_livepatch_status_t status = {0, 0};

        answer_with(tell_status);
        assert_int_equal(xc_livepatch_get(xch, (char *)"fix", &status), 0);
        assert_sysctl(minor, LIVEPATCH_OP, "livepatch", {"cmd", GET},
                      {"u.get.name.name.p", AN_ADDRESS}, {"u.get.name.size", 4});
        assert_int_equal(status.state, LIVEPATCH_STATE_APPLIED);
        assert_int_equal(status.rc, -EAGAIN);
        for (unsigned i = 0; i < 4; i++) {
            assert_int_equal(actions[i].act(xch, (char *)"fix", 5000, 1), 0);
            assert_sysctl(minor, LIVEPATCH_OP, "livepatch", {"cmd", ACTION},
                          {"u.action.name.name.p", AN_ADDRESS}, {"u.action.name.size", 4},
                          {"u.action.cmd", actions[i].cmd}, {"u.action.timeout", 5000},
                          {"u.action.flags", 1});
        }
        stop(xch);
    }
}

/* ---- the list ---- */

/* Xen's: name and metadata of each, how many it tells at once, how often it changes. */
static const struct {
    const char *name, *metadata;
} patches[] = {{"alpha", "a=1"}, {"be", ""}, {"gamma-longer", "author=me"}, {"d", "x"}};
enum { PATCHES = 4 };
static unsigned at_once, changes, version, most;

static int tell_totals(uint8_t *payload)
{
    uint32_t names = 0, metadata = 0;

    for (unsigned i = 0; i < PATCHES; i++) {
        names += (uint32_t)strlen(patches[i].name) + 1;
        metadata += (uint32_t)strlen(patches[i].metadata) + 1;
    }
    set_number(payload, "u.list.name_total_size", names);
    set_number(payload, "u.list.metadata_total_size", metadata);
    set_number(payload, "u.list.nr", PATCHES);
    set_number(payload, "u.list.version", version);
    return 0;
}

/* Like Xen up to 4.20 it writes what there is; like later ones it first looks for room. */
static int tell_some(uint8_t *payload)
{
    uint32_t idx = (uint32_t)number_in(payload, "u.list.idx"), names = 0, metadata = 0;
    uint32_t wanted = (uint32_t)number_in(payload, "u.list.nr"), told = 0;
    uint32_t *len = pointer_in(payload, "u.list.len.p");
    uint32_t *metadata_len = pointer_in(payload, "u.list.metadata_len.p");
    xen_livepatch_status_t *status = pointer_in(payload, "u.list.status.p");

    if (wanted > most)
        return -E2BIG;
    for (; told < wanted && told < at_once && idx < PATCHES; told++, idx++) {
        len[told] = (uint32_t)strlen(patches[idx].name) + 1;
        metadata_len[told] = (uint32_t)strlen(patches[idx].metadata) + 1;
        if (running_minor >= 21 &&
            (names + len[told] > number_in(payload, "u.list.name_total_size") ||
             metadata + metadata_len[told] > number_in(payload, "u.list.metadata_total_size")))
            return -ENOBUFS;
        strcpy((char *)pointer_in(payload, "u.list.name.p") + names, patches[idx].name);
        strcpy((char *)pointer_in(payload, "u.list.metadata.p") + metadata,
               patches[idx].metadata);
        status[told] = (xen_livepatch_status_t){LIVEPATCH_STATE_CHECKED, -(int)idx};
        names += len[told];
        metadata += metadata_len[told];
    }
    if (running_minor < 21) {
        set_number(payload, "u.list.name_total_size", names);
        set_number(payload, "u.list.metadata_total_size", metadata);
    }
    if (changes) {
        changes--;
        version++;
    }
    set_number(payload, "u.list.nr", PATCHES - idx);
    set_number(payload, "u.list.version", version);
    return (int)told;
}

static int tell_list(struct sent *request, uint8_t *payload)
{
    (void)request;
    assert_int_equal(number_in(payload, "cmd"), LIST);
    return number_in(payload, "u.list.nr") ? tell_some(payload) : tell_totals(payload);
}

/* A caller's arrays, of exactly the size that it was told. */
struct listing {
    struct xen_livepatch_status info[PATCHES];
    uint32_t len[PATCHES], metadata_len[PATCHES], name_size, metadata_size;
    char *name, *metadata;
    unsigned done, left;
};

static xc_interface *begin_list(unsigned minor, struct listing *list)
{
    xc_interface *xch = start(minor);
    unsigned count;

    at_once = most = PATCHES;
    changes = 0;
    version = 7;
    answer_with(tell_list);
    *list = (struct listing){0};
    assert_int_equal(xc_livepatch_list_get_sizes(xch, &count, &list->name_size,
                                                 &list->metadata_size),
                     0);
    assert_int_equal(count, PATCHES);
    assert_int_equal(list->name_size, 6 + 3 + 13 + 2);
    assert_int_equal(list->metadata_size, 4 + 1 + 10 + 2);
    list->name = malloc(list->name_size);
    list->metadata = malloc(list->metadata_size);
    return xch;
}

static int read_list(xc_interface *xch, struct listing *list, unsigned max, unsigned begin)
{
    return xc_livepatch_list(xch, max, begin, list->info, list->name, list->len, list->name_size,
                             list->metadata, list->metadata_len, list->metadata_size, &list->done,
                             &list->left);
}

static void end_list(xc_interface *xch, struct listing *list)
{
    free(list->name);
    free(list->metadata);
    stop(xch);
}

static void assert_whole_list(const struct listing *list)
{
    const char *name = list->name, *metadata = list->metadata;

    assert_int_equal(list->done, PATCHES);
    assert_int_equal(list->left, 0);
    for (unsigned i = 0; i < PATCHES; i++) {
        assert_string_equal(name, patches[i].name);
        assert_string_equal(metadata, patches[i].metadata);
        assert_int_equal(list->info[i].rc, -(int)i);
        name += list->len[i];
        metadata += list->metadata_len[i];
    }
}

TEST(the_list_is_read_in_as_many_pieces_as_xen_likes)
{
    EACH_MINOR(minor)
    {
        for (unsigned pieces = 1; pieces <= PATCHES; pieces++) {
            struct listing list;
            xc_interface *xch = begin_list(minor, &list);

            at_once = pieces;
            assert_int_equal(read_list(xch, &list, PATCHES, 0), 0);
            assert_whole_list(&list);
            end_list(xch, &list);
        }
    }
}

TEST(a_piece_of_the_list_is_asked_for_with_room_for_the_most)
{
    EACH_MINOR(minor)
    {
        struct listing list;
        xc_interface *xch = begin_list(minor, &list);

        assert_int_equal(read_list(xch, &list, 2, 1), 0);
        assert_sysctl(minor, LIVEPATCH_OP, "livepatch", {"cmd", LIST}, {"u.list.idx", 1},
                      {"u.list.nr", 2}, {"u.list.name_total_size", 2 * XEN_LIVEPATCH_NAME_SIZE},
                      {"u.list.metadata_total_size", 4 + 1 + 10 + 2},
                      {"u.list.status.p", AN_ADDRESS}, {"u.list.name.p", AN_ADDRESS},
                      {"u.list.len.p", AN_ADDRESS}, {"u.list.metadata.p", AN_ADDRESS},
                      {"u.list.metadata_len.p", AN_ADDRESS});
        assert_int_equal(list.done, 2);
        assert_int_equal(list.left, 1);
        assert_string_equal(list.name, "be");
        assert_string_equal(list.name + list.len[0], "gamma-longer");
        end_list(xch, &list);
    }
}

TEST(fewer_are_asked_for_when_xen_says_too_many)
{
    struct listing list;
    xc_interface *xch = begin_list(20, &list);

    most = 1;
    assert_int_equal(read_list(xch, &list, PATCHES, 0), 0);
    assert_whole_list(&list);
    most = 0;
    assert_fails_with(read_list(xch, &list, PATCHES, 0), -1, E2BIG);
    end_list(xch, &list);
}

TEST(a_list_that_changes_is_read_again_but_not_for_ever)
{
    struct listing list;
    xc_interface *xch = begin_list(17, &list);

    at_once = 2;
    changes = 3;
    assert_int_equal(read_list(xch, &list, PATCHES, 0), 0);
    assert_whole_list(&list);
    changes = 100;
    assert_fails_with(read_list(xch, &list, PATCHES, 0), -1, EBUSY);
    end_list(xch, &list);
}

/* Upstream's on a Xen up to 4.20 has no way to notice: it hands out names that are cut off. */
TEST(a_list_without_room_is_never_written_beyond_it)
{
    EACH_MINOR(minor)
    {
        struct listing list;
        xc_interface *xch = begin_list(minor, &list);

        at_once = 1;
        list.name_size = 6 + 3 + 12;
        assert_fails_with(read_list(xch, &list, PATCHES, 0), -1, ENOBUFS);
        assert_int_equal(list.done, 2);
        list.name_size = 24;
        list.metadata_size = 4;
        assert_fails_with(read_list(xch, &list, PATCHES, 0), -1, ENOBUFS);
        assert_int_equal(list.done, 1);
        end_list(xch, &list);
    }
}

static int tell_nothing(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return 0;
}

TEST(a_list_needs_a_place_and_a_beginning)
{
    struct listing list;
    xc_interface *xch = begin_list(17, &list);

    requests = 0;
    assert_fails_with(read_list(xch, &list, 0, 0), -1, EINVAL);
    assert_fails_with(xc_livepatch_list(xch, 1, 0, NULL, list.name, list.len, 1, list.metadata,
                                        list.metadata_len, 1, &list.done, &list.left),
                      -1, EINVAL);
    assert_fails_with(xc_livepatch_list(xch, 1, 0, list.info, list.name, list.len, 0,
                                        list.metadata, list.metadata_len, 1, &list.done,
                                        &list.left),
                      -1, EINVAL);
    assert_int_equal(requests, 0);
    assert_fails_with(read_list(xch, &list, 1, PATCHES), -1, EINVAL);
    answer_with(tell_nothing);
    assert_int_equal(read_list(xch, &list, 1, 0), 0);
    assert_int_equal(list.done, 0);
    end_list(xch, &list);
}

static int upload(xc_interface *xch)
{
    unsigned char elf[5] = {0};

    return xc_livepatch_upload(xch, (char *)"fix", elf, 5, true);
}

static int read_whole_list(xc_interface *xch)
{
    char name[100], metadata[100];
    struct listing list = {
        .name = name, .metadata = metadata, .name_size = 100, .metadata_size = 100};

    answer_with(tell_list);
    return read_list(xch, &list, PATCHES, 0);
}

TEST(failing_buffers_leave_nothing)
{
    at_once = most = PATCHES;
    assert_survives_failing_buffers(upload);
    assert_survives_failing_buffers(read_whole_list);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upload_carries_name_and_payload),
        cmocka_unit_test(names_and_payloads_that_are_none_are_refused),
        cmocka_unit_test(a_livepatch_is_looked_at_and_acted_on),
        cmocka_unit_test(the_list_is_read_in_as_many_pieces_as_xen_likes),
        cmocka_unit_test(a_piece_of_the_list_is_asked_for_with_room_for_the_most),
        cmocka_unit_test(fewer_are_asked_for_when_xen_says_too_many),
        cmocka_unit_test(a_list_that_changes_is_read_again_but_not_for_ever),
        cmocka_unit_test(a_list_without_room_is_never_written_beyond_it),
        cmocka_unit_test(a_list_needs_a_place_and_a_beginning),
        cmocka_unit_test(failing_buffers_leave_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
