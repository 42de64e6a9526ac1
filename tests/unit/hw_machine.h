/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A machine with SGX for the HW back end's tests: the driver's rules (arch/x86/kernel/cpu/sgx in
 * Linux) over a list of pages, a thread that enters and comes back by script, and a launcher that
 * can end without ending the test. What breaks a rule is answered as the driver does.
 */
#ifndef TESTS_UNIT_HW_MACHINE_H
#define TESTS_UNIT_HW_MACHINE_H

#include "host/run/backend.h"
#include "host/run/hw.h"
#include "host/sgx/measure.h"

#define MACHINE_PAGES 4096u
#define MACHINE_MAPS  256u
#define MACHINE_TURNS 64u

struct machine_page {
    uint64_t offset;
    uint64_t secinfo;
    bool measured, pending, pr, modified;
};

struct machine_map {
    uint64_t start, end;
    int prot;
};

/* How one entry ends. */
struct machine_turn {
    uint32_t function; /* run.function afterwards */
    uint16_t vector;
    uint64_t rdi, rsi; /* if EEXIT */
    bool not_entered;  /* ERESUME itself faults: R8 stays */
    int64_t answer;    /* of the vDSO function */
};

/* What an entry was asked for. */
struct machine_entry {
    uint64_t function, tcs, rdi;
};

struct machine {
    bool open, created, inited;
    struct sgx_secs secs;
    struct sgx_sigstruct sigstruct;
    struct measure measure;
    uint8_t mrenclave[SHA256_SIZE]; /* by the calls that were made, at INIT */
    struct machine_page pages[MACHINE_PAGES];
    uint32_t page_count;
    struct machine_map maps[MACHINE_MAPS];
    uint32_t map_count;
    uint32_t calls; /* ioctls so far, successful or not */

    /* set by the test */
    uint32_t interrupt_every; /* every n-th ioctl: -interrupt, at its half; 0: never */
    int interrupt;            /* EINTR, EAGAIN or EBUSY */
    uint64_t at_most;         /* pages an ioctl does before it stops and says so; 0: all */
    uint32_t fail_request;    /* this request, 0 for open, 1 for mmap, answers -fail_errno... */
    uint32_t fail_after;      /* ... after so many of its kind */
    int fail_errno;
    struct machine_turn turns[MACHINE_TURNS];
    uint32_t turn_count, turn;
    struct machine_entry entries[MACHINE_TURNS];
    signal_handler handler;
};
extern struct machine machine;

#define FAIL_OPEN 0u
#define FAIL_MMAP 1u
#define FAIL_NONE 2u

extern const struct sgx_device machine_device;

/* A fresh machine with an able CPU, and the back end started on it. */
int machine_start(void **state);
/* The enclave's side: EACCEPT of fresh memory, of a restriction, of a trim. False if the CPU would
 * not agree. */
bool machine_accept(uint64_t offset, uint64_t secinfo);
struct machine_page *machine_page(uint64_t offset);
/* The permissions of the mapping at an address; -1 if there is none. */
int machine_prot(uint64_t addr);

/* Runs `body`; true if it died, with the exit code and what was said. */
bool machine_dies(void (*body)(void));
extern int machine_code;
extern char machine_said[512];

/* The launcher dies in `body` with these words. */
#define assert_dies(body, words)                                                                   \
    do {                                                                                           \
        assert_true(machine_dies(body));                                                           \
        if (strstr(machine_said, words) == NULL)                                                   \
            fail_msg("said \"%s\", expected \"%s\"", machine_said, words);                         \
    } while (0)

#endif
