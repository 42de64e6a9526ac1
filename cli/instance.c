/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The run lock is an open-file-description lock: it belongs to the open directory, not to the
 * process, so it survives exec, is shared with children and can be asked for without taking it.
 */
#include "cli/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/say.h"

/* The descriptor a launcher inherits; high, so that it is in nobody's way. */
#define LOCK_FD_MIN 200

bool instance_is_initialized(void) {
    return access(STATUS_FILE, F_OK) == 0;
}

bool instance_is_built(void) {
    return access(BUILD_DIR "/enclave.signed", F_OK) == 0 &&
           access(BUILD_DIR "/rootfs.img", F_OK) == 0;
}

/* A file that the caller may not look at is not a missing one. */
static err need_permission(const char *path, int mode) {
    if (access(path, mode) != 0 && errno == EACCES)
        return complain_errno("cannot read %s", path);
    return OK;
}

err instance_need_init(void) {
    if (instance_is_initialized())
        return OK;
    TRY(need_permission(STATUS_FILE, F_OK));
    return refuse("the current working directory is not initialized as an Occlum instance. "
                  "Need to run \"occlum init\" first.");
}

err instance_need_build(void) {
    TRY(instance_need_init());
    TRY(need_permission(BUILD_DIR "/enclave.signed", R_OK));
    TRY(need_permission(BUILD_DIR "/rootfs.img", R_OK));
    if (instance_is_built())
        return OK;
    return refuse("the Occlum image and enclave are not built yet. "
                  "Need to run \"occlum build\" first.");
}

static int directory_open(int flags) {
    return open(".", O_RDONLY | O_DIRECTORY | flags);
}

bool instance_is_running(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = directory_open(O_CLOEXEC);
    bool asked = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0;

    if (fd >= 0)
        close(fd);
    return asked && lock.l_type != F_UNLCK;
}

err instance_lock_run(void) {
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    int fd = directory_open(O_CLOEXEC);

    if (fd < 0)
        return complain_errno("cannot open the current directory");
    int kept = fcntl(fd, F_DUPFD, LOCK_FD_MIN); /* without FD_CLOEXEC */
    if (kept < 0)
        kept = fcntl(fd, F_DUPFD, STDERR_FILENO + 1); /* the limit is low */
    close(fd);
    if (kept < 0)
        return complain_errno("cannot keep the lock of the instance open");
    /* A file system without locks costs `status` its "running", not the run. */
    (void)fcntl(kept, F_OFD_SETLK, &lock);
    return OK;
}

err instance_lock_build(void) {
    int fd = directory_open(O_CLOEXEC);

    if (fd < 0)
        return complain_errno("cannot open the current directory");
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return OK; /* fd stays open on purpose */
    if (errno == EWOULDBLOCK) {
        (void)complain("another \"occlum build\" is at work in this instance");
        return ERR(EBUSY);
    }
    return complain_errno("cannot lock the instance");
}

err instance_set_status(const char *status) {
    static const char temporary[] = STATUS_FILE ".tmp";
    FILE *f = fopen(temporary, "we");

    if (f == NULL)
        return complain_errno("cannot write %s", temporary);
    bool written = fprintf(f, "%s\n", status) > 0;
    if (fclose(f) != 0 || !written || rename(temporary, STATUS_FILE) != 0) {
        err e = complain_errno("cannot write %s", STATUS_FILE);

        unlink(temporary);
        return e;
    }
    return OK;
}
