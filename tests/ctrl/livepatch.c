/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Livepatches from upload to unloading: Xen itself says in its console that one was
 * applied and reverted (livepatch_payload.S).
 */
#include <stdlib.h>
#include <string.h>

#include "livepatch_payload.h"
#include "on_xen.h"

#define NAME ((char *)"xenlibs-test")
#define OTHER ((char *)"xenlibs-other")

enum { ID_SIZE = 20 };

/* Emulated CPUs are slow to stop. ns. */
#define TIMEOUT 4000000000u

static void write_over(unsigned char *bytes, size_t size, unsigned char mark,
                       const unsigned char *id)
{
    unsigned char marks[ID_SIZE];
    unsigned found = 0;

    memset(marks, mark, sizeof(marks));
    for (size_t i = 0; i + ID_SIZE <= size; i++) {
        if (memcmp(bytes + i, marks, ID_SIZE) == 0) {
            memcpy(bytes + i, id, ID_SIZE);
            found++;
        }
    }
    assert_true(found > 0);
}

/* For this Xen; @own tells two apart. False: this Xen has no build id. */
static bool make_payload(unsigned char own, unsigned char bytes[sizeof(livepatch_payload)])
{
    struct {
        uint32_t len;
        unsigned char bytes[64];
    } id = {.len = sizeof(id.bytes)};
    unsigned char own_id[ID_SIZE];

    long result = xc_version(xc(), XENVER_build_id, &id);
    if (result < 0) {
        observe("livepatch", "no build id: %s", strerror(errno));
        return false;
    }
    assert_int_equal(result, ID_SIZE);
    memset(own_id, own, sizeof(own_id));
    memcpy(bytes, livepatch_payload, sizeof(livepatch_payload));
    write_over(bytes, sizeof(livepatch_payload), 0x5a, own_id);
    write_over(bytes, sizeof(livepatch_payload), 0xa5, id.bytes);
    return true;
}

/* ---- actions ---- */

static bool is_over(void *name)
{
    xen_livepatch_status_t status;

    assert_works(xc_livepatch_get(xc(), name, &status));
    return status.rc != -EAGAIN;
}

static xen_livepatch_status_t status_of(char *name)
{
    xen_livepatch_status_t status;

    assert_true(becomes_true(is_over, name, 10));
    assert_works(xc_livepatch_get(xc(), name, &status));
    return status;
}

/* What an earlier run has left behind, in force perhaps. */
static void forget(char *name)
{
    xen_livepatch_status_t status;

    for (unsigned tries = 0; tries < 10; tries++) {
        if (xc_livepatch_get(xc(), name, &status))
            return;
        status = status_of(name);
        if (status.state == LIVEPATCH_STATE_APPLIED)
            xc_livepatch_revert(xc(), name, TIMEOUT, 0);
        else
            xc_livepatch_unload(xc(), name, TIMEOUT, 0);
    }
}

/* Uploads it, or says why this Xen has no livepatches. */
static bool is_uploaded(char *name, unsigned char own)
{
    static unsigned char bytes[sizeof(livepatch_payload)];

    forget(name);
    return make_payload(own, bytes) &&
           !is_lacking("livepatch", xc_livepatch_upload(xc(), name, bytes, sizeof(bytes), false));
}

typedef int action_fn(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags);

/*
 * Again where CPUs did not stop in time (EBUSY): on a busy host, emulated ones do not.
 * False, and observed, if they never did.
 */
static bool gets_to(uint32_t state, action_fn *action, char *name)
{
    xen_livepatch_status_t status = {.rc = -EBUSY};

    for (unsigned tries = 0; status.rc == -EBUSY && tries < 5; tries++) {
        assert_works(action(xc(), name, TIMEOUT, 0));
        status = status_of(name);
        if (status.rc == -EBUSY)
            observe("livepatch-busy", "%s", name);
    }
    if (status.rc && status.rc != -EBUSY)
        fail_msg("%s: %s", name, strerror(-status.rc));
    assert_true(status.rc || status.state == state);
    return !status.rc;
}

/* ---- what Xen prints ---- */

static uint32_t console_index;

/* What was printed since it was last called, which may hold any bytes. */
static bool has_printed(const char *text)
{
    static char log[256 << 10];
    unsigned size = sizeof(log);

    assert_works(xc_readconsolering(xc(), log, &size, 0, 1, &console_index));
    return memmem(log, size, text, strlen(text)) != NULL;
}

TEST(a_livepatch_lives_from_upload_to_unload)
{
    if (!is_uploaded(NAME, 1))
        return;
    (void)has_printed("");
    assert_int_equal(status_of(NAME).state, LIVEPATCH_STATE_CHECKED);
    assert_int_equal(xc_livepatch_upload(xc(), NAME, (unsigned char *)"x", 1, false), -1);
    observe("livepatch-again", "%s", strerror(errno));
    if (!gets_to(LIVEPATCH_STATE_APPLIED, xc_livepatch_apply, NAME))
        return;
    assert_true(has_printed("livepatch is applied"));
    assert_int_equal(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0), -1);
    assert_int_equal(errno, EINVAL);
    if (!gets_to(LIVEPATCH_STATE_CHECKED, xc_livepatch_revert, NAME))
        return;
    assert_true(has_printed("livepatch is reverted"));
    assert_works(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0));
    xen_livepatch_status_t status;
    assert_fails_with(xc_livepatch_get(xc(), NAME, &status), -1, ENOENT);
}

TEST(a_livepatch_replaces_another)
{
    if (!is_uploaded(NAME, 1) || !is_uploaded(OTHER, 2))
        return;
    if (!gets_to(LIVEPATCH_STATE_APPLIED, xc_livepatch_apply, NAME))
        return;
    if (!gets_to(LIVEPATCH_STATE_APPLIED, xc_livepatch_replace, OTHER))
        return;
    assert_int_equal(status_of(NAME).state, LIVEPATCH_STATE_CHECKED);
    if (!gets_to(LIVEPATCH_STATE_CHECKED, xc_livepatch_revert, OTHER))
        return;
    assert_works(xc_livepatch_unload(xc(), OTHER, TIMEOUT, 0));
    assert_works(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0));
}

static void read_and_compare(unsigned count, uint32_t name_size, uint32_t metadata_size)
{
    struct xen_livepatch_status info[16];
    uint32_t len[16], metadata_len[16];
    char *names = malloc(name_size), *metadata = malloc(metadata_size + 1);
    unsigned done, left, found = 0;

    assert_true(count <= 16 && names && metadata);
    assert_works(xc_livepatch_list(xc(), count, 0, info, names, len, name_size, metadata,
                                   metadata_len, metadata_size, &done, &left));
    assert_int_equal(done, count);
    assert_int_equal(left, 0);
    const char *name = names, *about = metadata;
    for (unsigned i = 0; i < done; i++) {
        if (strcmp(name, NAME) == 0 || strcmp(name, OTHER) == 0) {
            assert_int_equal(info[i].state, LIVEPATCH_STATE_CHECKED);
            assert_string_equal(about, "source=xenlibs");
            found++;
        }
        name += len[i];
        about += metadata_len[i];
    }
    assert_int_equal(found, 2);
    assert_works(xc_livepatch_list(xc(), 1, count - 1, info, names, len, name_size, metadata,
                                   metadata_len, metadata_size, &done, &left));
    assert_int_equal(done, 1);
    assert_fails_with(xc_livepatch_list(xc(), count, 0, info, names, len, 1, metadata,
                                        metadata_len, metadata_size, &done, &left),
                      -1, ENOBUFS);
    free(names);
    free(metadata);
}

TEST(livepatches_are_listed_with_names_and_metadata)
{
    unsigned count = 0;
    uint32_t name_size = 0, metadata_size = 0;

    if (!is_uploaded(NAME, 1) || !is_uploaded(OTHER, 2))
        return;
    assert_works(xc_livepatch_list_get_sizes(xc(), &count, &name_size, &metadata_size));
    assert_true(count >= 2 && name_size >= sizeof("xenlibs-test") + sizeof("xenlibs-other"));
    read_and_compare(count, name_size, metadata_size);
    assert_works(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0));
    assert_works(xc_livepatch_unload(xc(), OTHER, TIMEOUT, 0));
}

/* Whose notes name another Xen. */
TEST(a_livepatch_for_another_xen_is_refused)
{
    static unsigned char bytes[sizeof(livepatch_payload)];
    unsigned char other[ID_SIZE] = "another Xen";

    if (!is_uploaded(NAME, 1))
        return;
    assert_works(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0));
    memcpy(bytes, livepatch_payload, sizeof(bytes));
    write_over(bytes, sizeof(bytes), 0xa5, other);
    assert_fails_with(xc_livepatch_upload(xc(), NAME, bytes, sizeof(bytes), false), -1, EINVAL);
}

TEST(a_livepatch_is_forced_where_xen_can)
{
    static unsigned char bytes[sizeof(livepatch_payload)];

    if (!is_uploaded(NAME, 1))
        return;
    assert_works(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0));
    assert_true(make_payload(1, bytes));
    int result = xc_livepatch_upload(xc(), NAME, bytes, sizeof(bytes), true);
    if (xen_is_at_least(4, 19)) {
        assert_works(result);
        assert_works(xc_livepatch_unload(xc(), NAME, TIMEOUT, 0));
    } else {
        assert_int_equal(result, -1);
        assert_int_equal(errno, ENOTSUP);
    }
}

TEST(bytes_that_are_no_livepatch_are_refused)
{
    static unsigned char rubbish[4096] = "no ELF";

    forget(NAME);
    assert_int_equal(xc_livepatch_upload(xc(), NAME, rubbish, sizeof(rubbish), false), -1);
    observe("livepatch-rubbish", "%s", strerror(errno));
    assert_int_equal(xc_livepatch_apply(xc(), NAME, TIMEOUT, 0), -1);
    observe("livepatch-unknown", "%s", strerror(errno));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(a_livepatch_lives_from_upload_to_unload),
        ON_XEN(a_livepatch_replaces_another),
        ON_XEN(livepatches_are_listed_with_names_and_metadata),
        ON_XEN(a_livepatch_for_another_xen_is_refused),
        ON_XEN(a_livepatch_is_forced_where_xen_can),
        ON_XEN(bytes_that_are_no_livepatch_are_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
