/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Writing ends with fsync: a file that exists after file_create is whole, and a full disk is an
 * error message, not a short file.
 */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

#define TREE_FDS 16

static void fd_close_p(int *fd) {
    if (*fd >= 0)
        close(*fd);
}

static void free_p(char **p) {
    free(*p);
}

/* Reads until `size` bytes or the end of the file. */
static ssize_t read_all(int fd, char *bytes, size_t size) {
    size_t done = 0;

    while (done < size) {
        ssize_t n = read(fd, bytes + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return n;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static bool write_all(int fd, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

err file_read(char **bytes, size_t *size, const char *path, size_t max) {
    OWNED(fd_close_p) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        return complain_errno("cannot open %s", path);
    if (!S_ISREG(st.st_mode))
        return complain("%s is not a regular file", path);
    if (st.st_size < 0 || (size_t)st.st_size > max) {
        (void)complain("%s is larger than %zu bytes", path, max);
        return ERR(EFBIG);
    }
    OWNED(free_p) char *buffer = malloc((size_t)st.st_size + 1);
    if (buffer == NULL)
        return complain_errno("cannot read %s", path);
    ssize_t n = read_all(fd, buffer, (size_t)st.st_size);
    if (n < 0)
        return complain_errno("cannot read %s", path);
    buffer[n] = '\0';
    *size = (size_t)n;
    *bytes = GIVE(buffer);
    return OK;
}

err file_create(const char *path, const void *bytes, size_t size, mode_t mode) {
    OWNED(fd_close_p) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

    if (fd < 0)
        return complain_errno("cannot create %s", path);
    if (fchmod(fd, mode) == 0 && write_all(fd, bytes, size) && fsync(fd) == 0)
        return OK;
    err e = complain_errno("cannot write %s", path);
    unlink(path);
    return e;
}

err file_sync(const char *path) {
    OWNED(fd_close_p) int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0)
        return complain_errno("cannot write %s", path);
    return OK;
}

static int entry_remove(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)remove(path);
    return 0;
}

err tree_remove(const char *path) {
    if (nftw(path, entry_remove, TREE_FDS, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return complain_errno("cannot remove %s", path);
    if (access(path, F_OK) == 0)
        return complain_errno("cannot remove all of %s", path);
    return OK;
}
