/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

int read_exact(int fd, void *data, size_t size)
{
    char *at = data;

    while (size) {
        ssize_t some = read(fd, at, size);

        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some <= 0) {
            errno = some ? errno : 0;
            return -1;
        }
        at += some;
        size -= (size_t)some;
    }
    return 0;
}

int write_exact(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size) {
        ssize_t some = write(fd, at, size);

        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some <= 0) {
            errno = some ? errno : 0;
            return -1;
        }
        at += some;
        size -= (size_t)some;
    }
    return 0;
}

/* One piece that a short write cut: its rest. */
static int write_rest(int fd, const struct iovec *piece, size_t written)
{
    return write_exact(fd, (const char *)piece->iov_base + written, piece->iov_len - written);
}

int writev_exact(int fd, const struct iovec *iov, int count)
{
    int next = 0;

    while (next < count) {
        ssize_t some = writev(fd, iov + next, count - next < IOV_MAX ? count - next : IOV_MAX);
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some < 0) {
            return -1;
        }
        size_t written = (size_t)some;
        while (next < count && written >= iov[next].iov_len) {
            written -= iov[next++].iov_len;
        }
        if (next < count && (written || !some)) {
            if (write_rest(fd, &iov[next], written)) {
                return -1;
            }
            next++;
        }
    }
    return 0;
}

void discard_file_cache(xc_interface *xch, int fd, int flush)
{
    int saved = errno;
    off_t position = lseek(fd, 0, SEEK_CUR);

    (void)xch;
    if (position >= 0 && (!flush || fsync(fd) == 0)) {
        posix_fadvise(fd, 0, position & ~(off_t)(XC_PAGE_SIZE - 1), POSIX_FADV_DONTNEED);
    }
    errno = saved;
}
