/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xenmanage_has_feature() says is what the libraries then do, on a real Xen. */
#include "feature_calls.h"
#include "handle.h"

#include <stdio.h>
#include <string.h>

#include "own_domain.h"

static int close_both(void **state)
{
    return destroy_own_domain(state) | close_manage(state);
}

static int has(const struct feature_call *row)
{
    int answer = (int)assert_tells(xenmanage_has_feature(manage(), row->feature));

    assert_in_range(answer, 0, 1);
    return answer;
}

/* Complains, and goes on with the others. */
static unsigned disagrees(const struct feature_call *row)
{
    int there = has(row);
    long result = row->use ? row->use(xc(), own_domain()) : 0;
    int reason = result < 0 ? errno : 0;
    bool is_wrong = row->use && (there ? feature_must_be_absent_by(reason)
                                       : !feature_may_be_absent_by(reason));

    observe(row->name, "%s (%s)%s", there ? "yes" : "no", strerror(reason),
            is_wrong ? ": WRONG" : "");
    return is_wrong;
}

TEST(what_is_said_is_what_is_done)
{
    unsigned wrong = 0;

    for (unsigned i = 0; i < nr_feature_calls; i++)
        wrong += disagrees(&feature_calls[i]);
    assert_int_equal(wrong, 0);
}

TEST(what_came_with_a_release_came_with_that)
{
    for (unsigned i = 0; i < nr_feature_calls; i++)
        if (feature_calls[i].since_minor)
            assert_int_equal(has(&feature_calls[i]),
                             xen_is_at_least(4, feature_calls[i].since_minor));
}

/* The second time around too, when some answers are remembered. */
TEST(asking_changes_nothing)
{
    char first[64] = "", second[64] = "";

    assert_in_range(nr_feature_calls, 1, sizeof(first) - 1);
    for (unsigned i = 0; i < nr_feature_calls; i++)
        first[i] = has(&feature_calls[i]) ? '1' : '0';
    for (unsigned i = 0; i < nr_feature_calls; i++)
        second[i] = has(&feature_calls[i]) ? '1' : '0';
    assert_string_equal(first, second);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_said_is_what_is_done, close_both),
        cmocka_unit_test_teardown(what_came_with_a_release_came_with_that, close_both),
        cmocka_unit_test_teardown(asking_changes_nothing, close_both),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
