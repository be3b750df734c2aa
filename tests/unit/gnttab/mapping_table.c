/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of mappings by itself, against a plain array that does the same. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "../../../lib/gnttab/mapping_table.h"

enum { PAGE = 4096, ADDRESSES = 300, STEPS = 200000 };

static struct gnttab_mapping_table table;

static struct gnttab_mapping mapping_at(uintptr_t page, uint64_t index, uint32_t count)
{
    return (struct gnttab_mapping){page * PAGE, index, count};
}

TEST(what_was_put_is_taken_once)
{
    struct gnttab_mapping taken;

    xengnttab_table_init(&table);
    xengnttab_table_put(&table, mapping_at(10, 77, 2));
    assert_true(xengnttab_table_take(&table, 10 * PAGE, 2, &taken));
    assert_int_equal(taken.index, 77);
    assert_false(xengnttab_table_take(&table, 10 * PAGE, 2, &taken));
    xengnttab_table_destroy(&table);
}

TEST(an_empty_table_has_nothing)
{
    struct gnttab_mapping taken, truth = mapping_at(1, 2, 3);

    xengnttab_table_init(&table);
    assert_false(xengnttab_table_take(&table, PAGE, 1, &taken));
    assert_true(xengnttab_table_correct(&table, &truth));
    xengnttab_table_destroy(&table);
}

TEST(another_count_or_address_leaves_it_there)
{
    struct gnttab_mapping taken;

    xengnttab_table_init(&table);
    xengnttab_table_put(&table, mapping_at(10, 77, 2));
    assert_false(xengnttab_table_take(&table, 10 * PAGE, 1, &taken));
    assert_false(xengnttab_table_take(&table, 11 * PAGE, 2, &taken));
    assert_true(xengnttab_table_take(&table, 10 * PAGE, 2, &taken));
    xengnttab_table_destroy(&table);
}

TEST(the_last_mapping_at_an_address_counts)
{
    struct gnttab_mapping taken;

    xengnttab_table_init(&table);
    xengnttab_table_put(&table, mapping_at(10, 77, 2));
    xengnttab_table_put(&table, mapping_at(10, 78, 5));
    assert_int_equal(table.used, 1);
    assert_false(xengnttab_table_take(&table, 10 * PAGE, 2, &taken));
    assert_true(xengnttab_table_take(&table, 10 * PAGE, 5, &taken));
    assert_int_equal(taken.index, 78);
    xengnttab_table_destroy(&table);
}

TEST(the_truth_replaces_what_had_its_slots_or_its_address)
{
    struct gnttab_mapping truth = mapping_at(50, 77, 2);

    xengnttab_table_init(&table);
    xengnttab_table_put(&table, mapping_at(10, 77, 2));
    xengnttab_table_put(&table, mapping_at(50, 78, 1));
    xengnttab_table_put(&table, mapping_at(60, 79, 1));
    assert_true(xengnttab_table_correct(&table, &truth));
    assert_int_equal(table.used, 1);
    xengnttab_table_destroy(&table);
}

TEST(the_middle_of_a_known_mapping_is_refused)
{
    struct gnttab_mapping middle = mapping_at(11, 77, 2), beyond = mapping_at(12, 77, 2);

    xengnttab_table_init(&table);
    xengnttab_table_put(&table, mapping_at(10, 77, 2));
    assert_false(xengnttab_table_correct(&table, &middle));
    assert_int_equal(table.used, 1);
    assert_true(xengnttab_table_correct(&table, &beyond));
    assert_int_equal(table.used, 0);
    xengnttab_table_destroy(&table);
}

static void put_or_take(uint32_t *counts, uintptr_t page)
{
    struct gnttab_mapping taken;
    uint32_t count = 1 + (uint32_t)rand() % 4;

    if (rand() % 2) {
        xengnttab_table_put(&table, mapping_at(page, page * 1000 + count, count));
        counts[page] = count;
        return;
    }
    assert_int_equal(xengnttab_table_take(&table, page * PAGE, count, &taken),
                     counts[page] == count);
    if (counts[page] != count)
        return;
    assert_int_equal(taken.index, page * 1000 + count);
    counts[page] = 0;
}

TEST(it_agrees_with_an_array_over_many_steps)
{
    uint32_t counts[ADDRESSES + 1];
    size_t used = 0;

    memset(counts, 0, sizeof(counts));
    srand(1);
    xengnttab_table_init(&table);
    for (int step = 0; step < STEPS; step++)
        put_or_take(counts, 1 + (uintptr_t)rand() % ADDRESSES);
    for (int page = 1; page <= ADDRESSES; page++)
        used += counts[page] != 0;
    assert_int_equal(table.used, used);
    assert_true(table.place_count <= 1024);
    xengnttab_table_destroy(&table);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_taken_once),
        cmocka_unit_test(an_empty_table_has_nothing),
        cmocka_unit_test(another_count_or_address_leaves_it_there),
        cmocka_unit_test(the_last_mapping_at_an_address_counts),
        cmocka_unit_test(the_truth_replaces_what_had_its_slots_or_its_address),
        cmocka_unit_test(the_middle_of_a_known_mapping_is_refused),
        cmocka_unit_test(it_agrees_with_an_array_over_many_steps),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
