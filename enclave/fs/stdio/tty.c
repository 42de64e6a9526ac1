/* SPDX-License-Identifier: BSD-3-Clause
 *
 * struct termios and struct winsize have the same bytes on both sides, so they are copied through.
 */
#include "enclave/fs/stdio/tty.h"

#include "enclave/host/call.h"
#include "enclave/user/copy.h"

static err get_termios(uint32_t host_fd, uaddr arg) {
    struct host_termios t;

    TRY(host_tty_get(host_fd, &t));
    return user_put(arg, &t);
}

static err set_termios(uint32_t host_fd, uint32_t when, uaddr arg) {
    struct host_termios t;

    TRY(user_get(&t, arg));
    return host_tty_set(host_fd, when, &t);
}

static err get_size(uint32_t host_fd, uaddr arg) {
    struct host_winsize w;

    TRY(host_tty_size(host_fd, &w));
    return user_put(arg, &w);
}

err tty_ioctl(uint32_t host_fd, uint32_t cmd, uaddr arg) {
    switch (cmd) {
    case TCGETS:
        return get_termios(host_fd, arg);
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
        return set_termios(host_fd, cmd - TCSETS, arg);
    case TIOCGWINSZ:
        return get_size(host_fd, arg);
    default:
        return ERR(ENOTTY);
    }
}
