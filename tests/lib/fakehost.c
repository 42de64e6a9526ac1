/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Answers as a well-behaved host gives them after the generated checks.
 */
#include "tests/lib/fakehost.h"

#include <string.h>

#include "abi/linux/fs.h"
#include "enclave/host/call.h"
#include "enclave/signal/signal.h"
#include "enclave/time/clock.h"

struct fakehost fakehost;

void fakehost_reset(void) {
    memset(&fakehost, 0, sizeof(fakehost));
    fakehost.now = 1700000000000000000u;
    for (uint32_t fd = 0; fd < FAKEHOST_FILES; fd++) {
        fakehost.files[fd].st.type = HOST_FILE_PIPE;
        fakehost.files[fd].st.flags = fd == 0 ? O_RDONLY : O_WRONLY;
        fakehost.files[fd].ready = POLLIN | POLLOUT;
    }
}

void fakehost_input(uint32_t fd, const char *text) {
    struct fakehost_file *f = &fakehost.files[fd];

    f->input_size = strlen(text);
    f->input_used = 0;
    memcpy(f->input, text, f->input_size);
}

static size_t piece_of(const struct fakehost_file *f, size_t n) {
    return f->piece != 0 && n > f->piece ? f->piece : n;
}

err host_read(uint32_t fd, span dst, size_t *done) {
    struct fakehost_file *f = &fakehost.files[fd];
    size_t n = piece_of(f, (size_t)min_u64(dst.n, f->input_size - f->input_used));

    if (f->fail_read != 0)
        return ERR(f->fail_read);
    memcpy(dst.p, &f->input[f->input_used], n);
    f->input_used += n;
    *done = n;
    return OK;
}

err host_write(uint32_t fd, cspan src, size_t *done) {
    struct fakehost_file *f = &fakehost.files[fd];
    size_t n = piece_of(f, (size_t)min_u64(src.n, FAKEHOST_BYTES - f->output_size));

    if (f->fail_write != 0)
        return ERR(f->fail_write);
    memcpy(&f->output[f->output_size], src.p, n);
    f->output_size += n;
    *done = n;
    return OK;
}

err host_fstat(uint32_t fd, struct host_stat *st) {
    *st = fakehost.files[fd].st;
    return OK;
}

err host_tty_get(uint32_t fd, struct host_termios *t) {
    *t = (struct host_termios){.iflag = 1, .oflag = 2, .cflag = 3, .lflag = 4};
    return OK;
}

err host_tty_set(uint32_t fd, uint32_t when, const struct host_termios *t) {
    return when <= 2 ? OK : ERR(EINVAL);
}

err host_tty_size(uint32_t fd, struct host_winsize *w) {
    *w = (struct host_winsize){.row = 25, .col = 80};
    return OK;
}

err host_poll(uint32_t fd, uint32_t events, uint64_t timeout_ns, uint64_t *answer) {
    *answer = fakehost.files[fd].ready & (events | POLLERR | POLLHUP);
    fakehost.polls++;
    if (*answer == 0 && timeout_ns != UINT64_MAX)
        fakehost.now += timeout_ns;
    return OK;
}

err host_clock(uint32_t which, uint64_t *answer) {
    *answer = fakehost.now;
    return OK;
}

err clock_read(int clock, uint64_t *ns) {
    *ns = fakehost.now;
    return OK;
}

err clock_sleep(uint64_t ns) {
    fakehost.now += ns;
    fakehost.sleeps++;
    return OK;
}

void signal_send_self(struct task *t, int signo) {
    fakehost.last_signal = signo;
}
