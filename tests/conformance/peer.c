/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance.h"

static char line[AGENT_LINE];

static FILE *connect_to(const char *host, unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    FILE *stream;

    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, host, &address.sin_addr), 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        printf("# agent at %s port %u: %s\n", host, port, strerror(errno));
        fail();
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    stream = fdopen(fd, "r+");
    assert_non_null(stream);
    return stream;
}

static void say(struct peer *peer, const char *format, va_list arguments)
{
    fseek(peer->stream, 0, SEEK_CUR);
    vfprintf(peer->stream, format, arguments);
    fputc('\n', peer->stream);
    assert_int_equal(fflush(peer->stream), 0);
}

/* True for "ok"; the line then holds the answer, otherwise the name of an errno. */
static bool read_answer(struct peer *peer)
{
    char *rest = NULL, *word;

    fseek(peer->stream, 0, SEEK_CUR);
    if (!fgets(line, sizeof(line), peer->stream)) {
        printf("# the agent of domain %u has gone\n", peer->domid);
        fail();
    }
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "ok", 2) != 0)
        return false;
    peer->count = 0;
    for (word = strtok_r(line + 2, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        assert_true(peer->count < AGENT_MAX_NUMBERS);
        peer->numbers[peer->count++] = strtol(word, NULL, 0);
    }
    return true;
}

void tell(struct peer *peer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(peer, format, arguments);
    va_end(arguments);
}

long hear(struct peer *peer)
{
    if (!read_answer(peer)) {
        printf("# the agent of domain %u answers: %s\n", peer->domid, line);
        fail();
    }
    return peer->count ? peer->numbers[0] : 0;
}

long ask(struct peer *peer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(peer, format, arguments);
    va_end(arguments);
    return hear(peer);
}

const char *ask_errno(struct peer *peer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(peer, format, arguments);
    va_end(arguments);
    return read_answer(peer) ? "ok" : line + strlen("error ");
}

/* The answer to hello is "ok NAME LIBRARY...": the driver reads the libraries' lines. */
static void check_place(struct peer *peer, const char *wanted)
{
    char *rest = NULL, *word;

    tell(peer, "hello");
    fseek(peer->stream, 0, SEEK_CUR);
    assert_non_null(fgets(line, sizeof(line), peer->stream));
    word = strtok_r(line, " \n", &rest);
    assert_string_equal(word, "ok");
    word = strtok_r(NULL, " \n", &rest);
    assert_non_null(word);
    assert_string_equal(word, wanted);
    while ((word = strtok_r(NULL, " \n", &rest)))
        printf("# agent-library %s %s\n", wanted, word);
}

struct peer *peer_open(const char *variable)
{
    const char *where = getenv(variable);
    struct peer *peer = calloc(1, sizeof(*peer));
    char host[64], name[64];
    unsigned port = 0;

    assert_non_null(peer);
    if (!where || sscanf(where, "%63s %u %u %63s", host, &port, &peer->domid, name) != 4) {
        printf("# %s is not HOST PORT DOMID NAME\n", variable);
        fail();
    }
    peer->stream = connect_to(host, port);
    check_place(peer, name);
    return peer;
}

void peer_close(struct peer *peer)
{
    ask(peer, "leftovers");
    assert_int_equal(peer->count, 2);
    assert_int_equal(peer->numbers[0], 0);
    assert_int_equal(peer->numbers[1], 0);
    fclose(peer->stream);
    free(peer);
}

void peer_kill(struct peer *peer)
{
    tell(peer, "die");
    fseek(peer->stream, 0, SEEK_CUR);
    assert_null(fgets(line, sizeof(line), peer->stream));
    fclose(peer->stream);
    free(peer);
}

void expect_peer_event(struct peer *peer, long port)
{
    assert_int_equal(ask(peer, "take %d", EVENT_COMES_MS), port);
    ask(peer, "unmask %ld", port);
}

void expect_peer_silence(struct peer *peer)
{
    assert_string_equal(ask_errno(peer, "take %d", NO_EVENT_MS), "ETIMEDOUT");
}
