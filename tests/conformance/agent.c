/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* agent PORT: serves tests over TCP until it is killed. */
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <link.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xentoolcore.h>

struct open_things {
    int fds;
    int mappings;
};

static struct open_things at_start;

void answer_number(struct answer *answer, long number)
{
    if (answer->length < sizeof(answer->text))
        answer->length += (size_t)snprintf(answer->text + answer->length,
                                           sizeof(answer->text) - answer->length, " %ld",
                                           number);
}

static struct open_things count_open_things(void)
{
    struct open_things things = {0};
    DIR *dir = opendir("/proc/self/fd");
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512];

    while (dir && readdir(dir))
        things.fds++;
    while (maps && fgets(line, sizeof(line), maps))
        things.mappings += strstr(line, "/dev/xen/") != NULL;
    if (dir)
        closedir(dir);
    if (maps)
        fclose(maps);
    return things;
}

/* Closes the handles, and tells how many descriptors and mappings are there still. */
static bool leftovers(const struct request *request, struct answer *answer)
{
    struct open_things now;

    (void)request;
    if (!close_events() || !close_grants())
        return false;
    now = count_open_things();
    answer_number(answer, now.fds - at_start.fds);
    answer_number(answer, now.mappings - at_start.mappings);
    return true;
}

static bool die(const struct request *request, struct answer *answer)
{
    (void)request;
    (void)answer;
    return kill(getpid(), SIGKILL) == 0;
}

static bool restrict_everything(const struct request *request, struct answer *answer)
{
    (void)answer;
    return xentoolcore_restrict_all((domid_t)request->numbers[0]) == 0;
}

static int add_if_xen(struct dl_phdr_info *info, size_t size, void *text)
{
    struct answer *answer = text;

    (void)size;
    if (strstr(info->dlpi_name, "/libxen"))
        answer->length += (size_t)snprintf(answer->text + answer->length,
                                           sizeof(answer->text) - answer->length, " %s",
                                           info->dlpi_name);
    return 0;
}

/* The only answer with words: this machine's name, and the libraries it uses. */
static bool hello(const struct request *request, struct answer *answer)
{
    char name[64];

    (void)request;
    if (gethostname(name, sizeof(name)) < 0)
        return false;
    answer->length = (size_t)snprintf(answer->text, sizeof(answer->text), " %s", name);
    dl_iterate_phdr(add_if_xen, answer);
    return true;
}

static const struct verb own_verbs[] = {
    {"hello", 0, hello},
    {"die", 0, die},
    {"leftovers", 0, leftovers},
    {"restrict-all", 1, restrict_everything},
    {NULL, 0, NULL},
};

static const struct verb *find_verb(const char *name)
{
    static const struct verb *const tables[] = {own_verbs, event_verbs, grant_verbs};

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        for (const struct verb *verb = tables[i]; verb->name; verb++)
            if (strcmp(verb->name, name) == 0)
                return verb;
    return NULL;
}

static void serve_line(char *line, FILE *out)
{
    static struct request request;
    static struct answer answer;
    char *rest = NULL, *word = strtok_r(line, " \n", &rest);
    const struct verb *verb = word ? find_verb(word) : NULL;

    request.count = 0;
    answer.length = 0;
    answer.text[0] = '\0';
    while ((word = strtok_r(NULL, " \n", &rest)) && request.count < AGENT_MAX_NUMBERS)
        request.numbers[request.count++] = (uint32_t)strtoul(word, NULL, 0);
    if (!verb || request.count < verb->least_numbers)
        fprintf(out, "error no-such-request\n");
    else if (verb->run(&request, &answer))
        fprintf(out, "ok%s\n", answer.text);
    else
        fprintf(out, "error %s\n", strerrorname_np(errno));
    fflush(out);
}

static void serve(int connection)
{
    static char line[AGENT_LINE];
    FILE *in = fdopen(connection, "r"), *out = fdopen(dup(connection), "w");
    int one = 1;

    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    at_start = count_open_things();
    while (in && out && fgets(line, sizeof(line), in))
        serve_line(line, out);
}

static int listen_on(in_port_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port),
                                  .sin_addr = {.s_addr = htonl(INADDR_ANY)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 8) < 0) {
        perror("agent: cannot listen");
        exit(EXIT_FAILURE);
    }
    return fd;
}

int main(int argc, char **argv)
{
    int listener, connection;

    if (argc != 2) {
        fprintf(stderr, "usage: agent PORT\n");
        return EXIT_FAILURE;
    }
    signal(SIGCHLD, SIG_IGN);
    listener = listen_on((in_port_t)atoi(argv[1]));
    while ((connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        if (fork() == 0) {
            close(listener);
            serve(connection);
            _exit(EXIT_SUCCESS);
        }
        close(connection);
    }
    perror("agent: accept");
    return EXIT_FAILURE;
}
