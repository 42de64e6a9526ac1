/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Descriptors: copies, flags, pipes, ioctl.
 */
#include "enclave/file/fdtable.h"
#include "enclave/file/pipe.h"
#include "enclave/proc/process.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define F_GETLK    5
#define F_SETLK    6
#define F_SETLKW   7
#define LOCK_TYPES 3 /* F_RDLCK F_WRLCK F_UNLCK */
#define F_UNLCK    2
#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME)

struct linux_flock {
    int16_t type, whence;
    int32_t pad;
    int64_t start, len;
    int32_t pid, pad2;
};

err sys_dup(struct task *t, int64_t *ret, fd_t fd) {
    OWNED(file_put_p) struct file *f = NULL;
    int no;

    TRY(task_file(t, fd, &f));
    TRY(fd_install(t->proc->files, f, 0, false, &no));
    *ret = no;
    return OK;
}

static err dup_to(struct task *t, int64_t *ret, fd_t from, fd_t to, bool cloexec) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_file(t, from, &f));
    TRY(fd_replace(t->proc->files, to, f, cloexec));
    *ret = to.no;
    return OK;
}

err sys_dup2(struct task *t, int64_t *ret, fd_t from, fd_t to) {
    OWNED(file_put_p) struct file *f = NULL;

    if (from.no != to.no)
        return dup_to(t, ret, from, to, false);
    TRY(task_file(t, from, &f));
    *ret = to.no;
    return OK;
}

err sys_dup3(struct task *t, int64_t *ret, fd_t from, fd_t to, open_flags flags) {
    if ((flags & ~O_CLOEXEC) != 0 || from.no == to.no)
        return ERR(EINVAL);
    return dup_to(t, ret, from, to, flags != 0);
}

static err dup_from(struct task *t, int64_t *ret, struct file *f, uint64_t least, bool cloexec) {
    int no;

    if (least >= FD_LIMIT)
        return ERR(EINVAL);
    TRY(fd_install(t->proc->files, f, (int)least, cloexec, &no));
    *ret = no;
    return OK;
}

static err get_cloexec(struct task *t, int64_t *ret, fd_t fd) {
    bool on;

    TRY(fd_cloexec(t->proc->files, fd, &on));
    *ret = on ? FD_CLOEXEC : 0;
    return OK;
}

/* Record locks keep processes apart; as long as there is one, each is granted. */
static err lock(int cmd, uaddr arg) {
    struct linux_flock l;

    TRY(user_get(&l, arg));
    if (l.type < 0 || l.type >= LOCK_TYPES || l.whence < SEEK_SET || l.whence > SEEK_END)
        return ERR(EINVAL);
    if (cmd != F_GETLK)
        return OK;
    l.type = F_UNLCK;
    return user_put(arg, &l);
}

static err pipe_size(struct file *f, int64_t *ret) {
    struct file_attr attr;

    TRY(file_stat(f, &attr));
    if (!mode_is(attr.mode, S_IFIFO))
        return ERR(EBADF);
    *ret = PIPE_SIZE;
    return OK;
}

err sys_fcntl(struct task *t, int64_t *ret, fd_t fd, fcntl_cmd cmd, uint64_t arg) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_file(t, fd, &f));
    if ((f->flags & O_PATH) != 0 && cmd != F_DUPFD && cmd != F_DUPFD_CLOEXEC && cmd != F_GETFD &&
        cmd != F_SETFD && cmd != F_GETFL)
        return ERR(EBADF);
    switch (cmd) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return dup_from(t, ret, f, arg, cmd == F_DUPFD_CLOEXEC);
    case F_GETFD:
        return get_cloexec(t, ret, fd);
    case F_SETFD:
        return fd_set_cloexec(t->proc->files, fd, (arg & FD_CLOEXEC) != 0);
    case F_GETFL:
        *ret = f->flags;
        return OK;
    case F_SETFL:
        f->flags = (f->flags & ~SETFL_MASK) | ((uint32_t)arg & SETFL_MASK);
        return OK;
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
        return lock(cmd, UADDR(arg));
    case F_GETPIPE_SZ:
        return pipe_size(f, ret);
    default:
        return ERR(EINVAL);
    }
}

static err set_nonblock(struct file *f, uaddr arg) {
    int on;

    TRY(user_get(&on, arg));
    f->flags = on != 0 ? f->flags | O_NONBLOCK : f->flags & ~O_NONBLOCK;
    return OK;
}

/* FIONREAD of a regular file: what is left of it. */
static err bytes_left(struct file *f, uaddr arg, int64_t *ret) {
    struct file_attr attr;
    int left;

    TRY(file_stat(f, &attr));
    if (!f->ops->seekable || !mode_is(attr.mode, S_IFREG))
        return file_ioctl(f, FIONREAD, arg, ret);
    left = (int)min_u64(attr.size - min_u64(attr.size, f->pos), INT32_MAX);
    return user_put(arg, &left);
}

err sys_ioctl(struct task *t, int64_t *ret, fd_t fd, ioctl_cmd cmd, u_ptr arg) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_real_file(t, fd, &f));
    switch (cmd) {
    case FIOCLEX:
    case FIONCLEX:
        return fd_set_cloexec(t->proc->files, fd, cmd == FIOCLEX);
    case FIONBIO:
        return set_nonblock(f, arg);
    case FIONREAD:
        return bytes_left(f, arg, ret);
    default:
        return file_ioctl(f, cmd, arg, ret);
    }
}

/* Both ends get numbers, or none does. */
static err install_pipe(struct task *t, struct file *r, struct file *w, bool cloexec,
                        int32_t fds[2]) {
    struct fdtable *files = t->proc->files;
    err e;

    TRY(fd_install(files, r, 0, cloexec, &fds[0]));
    e = fd_install(files, w, 0, cloexec, &fds[1]);
    if (failed(e)) {
        TRY(fd_close(files, FD(fds[0])));
        return e;
    }
    return OK;
}

err sys_pipe2(struct task *t, int64_t *ret, u_out fds, open_flags flags) {
    OWNED(file_put_p) struct file *r = NULL;
    OWNED(file_put_p) struct file *w = NULL;
    int32_t numbers[2];
    err e;

    if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0)
        return ERR(EINVAL);
    TRY(pipe_open(flags & O_NONBLOCK, &r, &w));
    TRY(install_pipe(t, r, w, (flags & O_CLOEXEC) != 0, numbers));
    e = user_write(fds, CSPAN_OF(numbers));
    if (failed(e)) {
        TRY(fd_close(t->proc->files, FD(numbers[0])));
        TRY(fd_close(t->proc->files, FD(numbers[1])));
    }
    return e;
}

err sys_pipe(struct task *t, int64_t *ret, u_out fds) {
    return sys_pipe2(t, ret, fds, 0);
}
