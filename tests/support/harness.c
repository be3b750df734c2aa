/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child reports a skip through its exit status, the reason on stdout. */
enum { EXIT_SKIPPED = 77, TEST_SECONDS = 300 };

struct leftovers {
    int fds;
    int device_mappings;
};

static int count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;

    if (!dir)
        return -1;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

/* Mappings of Xen's devices, or of the memory that stands in for them. */
static int count_device_mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512];
    int count = 0;

    if (!maps)
        return -1;
    while (fgets(line, sizeof(line), maps))
        if (strstr(line, "/dev/xen/") || strstr(line, "xen/privcmd") ||
            strstr(line, "memfd:fakexen"))
            count++;
    fclose(maps);
    return count;
}

static struct leftovers look_around(void)
{
    return (struct leftovers){count_fds(), count_device_mappings()};
}

static int leaks_since(struct leftovers before)
{
    struct leftovers after = look_around();

    if (after.fds != before.fds)
        printf("# leaked descriptors: %d before, %d after\n", before.fds, after.fds);
    if (after.device_mappings != before.device_mappings)
        printf("# leaked mappings: %d before, %d after\n", before.device_mappings,
               after.device_mappings);
    return after.fds != before.fds || after.device_mappings != before.device_mappings;
}

void skip_because(const char *reason)
{
    printf("# SKIP %s\n", reason);
    fflush(stdout);
    _exit(EXIT_SKIPPED);
}

/* cmocka's own chatter is only of interest when something failed. */
static int run_in_this_process(const struct CMUnitTest *test)
{
    struct leftovers before;
    int failed;

    alarm(TEST_SECONDS);
    before = look_around();
    failed = _cmocka_run_group_tests(test->name, test, 1, NULL, NULL);
    return failed || leaks_since(before) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void show_output(FILE *output, bool only_comments)
{
    char line[1024];

    rewind(output);
    while (fgets(line, sizeof(line), output)) {
        if (!only_comments)
            printf("# %s", line);
        else if (line[0] == '#')
            printf("%s", line);
    }
}

static void skip_reason(FILE *output, char *reason, size_t size)
{
    char line[1024];

    snprintf(reason, size, "no reason given");
    rewind(output);
    while (fgets(line, sizeof(line), output))
        if (strncmp(line, "# SKIP ", 7) == 0)
            snprintf(reason, size, "%.*s", (int)strcspn(line + 7, "\n"), line + 7);
}

static int report(const struct CMUnitTest *test, size_t number, int status, FILE *output)
{
    char reason[256];

    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED) {
        skip_reason(output, reason, sizeof(reason));
        printf("ok %zu - %s # SKIP %s\n", number, test->name, reason);
        return 0;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) {
        show_output(output, true);
        printf("ok %zu - %s\n", number, test->name);
        return 0;
    }
    show_output(output, false);
    if (WIFSIGNALED(status))
        printf("# killed by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    printf("not ok %zu - %s\n", number, test->name);
    return 1;
}

static int run_in_own_process(const struct CMUnitTest *test, size_t number)
{
    FILE *output = tmpfile();
    int status, failed;
    pid_t child;

    if (!output) {
        perror("tmpfile");
        exit(EXIT_FAILURE);
    }
    fflush(stdout);
    child = fork();
    if (child == 0) {
        dup2(fileno(output), STDOUT_FILENO);
        dup2(fileno(output), STDERR_FILENO);
        fclose(output);
        status = run_in_this_process(test);
        fflush(NULL);
        _exit(status);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    failed = report(test, number, status, output);
    fclose(output);
    fflush(stdout);
    return failed;
}

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(name, argv[i]))
            return true;
    return argc < 2;
}

static int list_tests(const struct CMUnitTest *tests, size_t count)
{
    for (size_t i = 0; i < count; i++)
        puts(tests[i].name);
    return EXIT_SUCCESS;
}

int test_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count)
{
    size_t number = 0;
    int failed = 0;

    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list_tests(tests, count);
    for (size_t i = 0; i < count; i++)
        if (wanted(tests[i].name, argc, argv))
            failed += run_in_own_process(&tests[i], ++number);
    printf("1..%zu\n", number);
    return failed || !number ? EXIT_FAILURE : EXIT_SUCCESS;
}
