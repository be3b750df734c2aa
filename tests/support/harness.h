/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every test program is made of: cmocka's assertions, a process per test,
 * and after each test a look at what it left behind.
 *
 *   TEST(pending_returns_the_port) { ... assert_int_equal(...); }
 *
 *   int main(int argc, char **argv)
 *   {
 *       static const struct CMUnitTest tests[] = {
 *           cmocka_unit_test(pending_returns_the_port),
 *       };
 *       return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
 *   }
 *
 * Output is TAP. Arguments name the tests to run (a part of the name is enough);
 * none runs all; `--list` lists them.
 */
#ifndef XENLIBS_TESTS_HARNESS_H
#define XENLIBS_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A sanitizer's heap can neither be counted nor run short: such tests skip there. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEAP_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEAP_IS_SANITIZED 1
#endif
#endif

#define TEST(name) static void name(void **state __attribute__((unused)))

/* Runs the tests; returns the exit status for main. */
int test_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count);

/* Ends the running test as skipped; @reason is shown. */
_Noreturn void skip_because(const char *reason);

/* Asserts that @expression gives @result (-1 or NULL) with @wanted_errno. */
#define assert_fails_with(expression, result, wanted_errno) \
    do { \
        errno = 0; \
        assert_true((expression) == (result)); \
        assert_int_equal(errno, wanted_errno); \
    } while (0)

#endif
