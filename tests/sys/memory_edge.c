/* SPDX-License-Identifier: BSD-3-Clause
 * Memory calls at their corners: hints, overlaps, holes, overflows, wrong arguments, faults.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define P    4096ul
#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static void say(const char *what, long result) {
    printf("%s: %s\n", what, result == -1 ? strerror(errno) : "works");
    errno = 0;
}

/* Room of n pages that are free right after. */
static char *room(size_t n) {
    char *p = mmap(NULL, n * P, PROT_NONE, ANON, -1, 0);

    munmap(p, n * P);
    return p;
}

static long map(void *at, size_t size, int prot, int flags, int fd, long off) {
    return (long)mmap(at, size, prot, flags, fd, off);
}

static void hints(void) {
    char *p = room(8);

    printf("a free hint is taken: %d\n", mmap(p, P, RW, ANON, -1, 0) == p);
    printf("an odd hint is rounded down: %d\n", mmap(p + P + 1, P, RW, ANON, -1, 0) == p + P);
    printf("a taken hint is not: %d\n", mmap(p, P, RW, ANON, -1, 0) != p);
    say("noreplace on a mapping", map(p, P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    say("noreplace over one", map(p - P, 2 * P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    printf("noreplace on free room: %d\n",
           mmap(p + 4 * P, P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == p + 4 * P);
    say("fixed at an odd address", map(p + 1, P, RW, ANON | MAP_FIXED, -1, 0));
}

static void sizes(void) {
    say("size 0", map(NULL, 0, RW, ANON, -1, 0));
    say("size of all addresses", map(NULL, SIZE_MAX, RW, ANON, -1, 0));
    say("size that rounds to 0", map(NULL, SIZE_MAX - 100, RW, ANON, -1, 0));
    say("half of all addresses", map(NULL, SIZE_MAX / 2, RW, ANON, -1, 0));
    say("no type", map(NULL, P, RW, MAP_ANONYMOUS, -1, 0));
    say("unknown protection bits", map(NULL, P, RW | 0x40, ANON, -1, 0));
    say("unmap size 0", munmap(room(1), 0));
    say("unmap an odd address", munmap(room(1) + 1, P));
    say("unmap all of memory", munmap(room(1), SIZE_MAX - P));
    say("unmap address 0", munmap(NULL, P));
}

static void protection(void) {
    char *p = mmap(NULL, 4 * P, RW, ANON, -1, 0);

    munmap(p + 2 * P, P);
    say("protect over a hole", mprotect(p, 4 * P, PROT_READ));
    int null = open("/dev/zero", O_RDONLY);
    say("what lies before it is changed", read(null, p, 1));
    say("what lies behind is not", read(null, p + 3 * P, 1));
    say("protect nothing with nonsense", mprotect(p, 0, 0x40));
    say("protect with nonsense", mprotect(p, P, 0x40));
    say("protect with PROT_SEM", mprotect(p, P, RW | 8));
    say("protect too much", mprotect(p, SIZE_MAX - P + 1, RW));
    close(null);
}

static void advice(void) {
    char *p = mmap(NULL, 4 * P, RW, ANON, -1, 0);

    memset(p, 5, 4 * P);
    mprotect(p, P, PROT_READ);
    say("dontneed", madvise(p, 2 * P, MADV_DONTNEED));
    printf("zero: %d %d, kept: %d\n", p[0], p[P], p[2 * P]);
    munmap(p + P, P);
    say("dontneed over a hole", madvise(p, 4 * P, MADV_DONTNEED));
    printf("zero behind it: %d\n", p[2 * P]);
    say("at an odd address", madvise(p + 1, P, MADV_DONTNEED));
    say("unknown advice", madvise(p, P, 4711));
    say("no huge pages", madvise(p, P, MADV_NOHUGEPAGE));
}

static void files(void) {
    int out = open("/tmp/memory-edge", O_CREAT | O_TRUNC | O_WRONLY, 0600);
    int ends[2];

    say("bad descriptor", map(NULL, P, PROT_READ, MAP_PRIVATE, 99, 0));
    say("write-only file", map(NULL, P, PROT_READ, MAP_PRIVATE, out, 0));
    printf("written %zd\n", write(out, "file bytes", 10));
    int in = open("/tmp/memory-edge", O_RDONLY);
    say("odd offset", map(NULL, P, PROT_READ, MAP_PRIVATE, in, 1));
    char *p = mmap(NULL, P, RW, MAP_PRIVATE, in, 0);
    printf("content %.10s, then %d\n", p, p[10]);
    p[0] = 'F';
    char byte = 0;
    printf("private %zd", pread(in, &byte, 1, 0));
    printf(" %c\n", byte);
    printf("pipe made: %d\n", pipe(ends));
    say("a pipe", map(NULL, P, PROT_READ, MAP_PRIVATE, ends[0], 0));
    unlink("/tmp/memory-edge");
}

static void faults(void) {
    char *p = mmap(NULL, 2 * P, RW, ANON, -1, 0), byte;
    int f = open("/tmp/memory-edge", O_CREAT | O_TRUNC | O_RDWR, 0600);

    memset(p, 'x', 2 * P);
    munmap(p + P, P);
    printf("write up to the hole %zd\n", write(f, p + P - 100, 300));
    say("write from a hole", write(f, p + P, 10));
    for (int i = 0; i < 3; i++)
        printf("more %zd\n", write(f, p, 100));
    printf("read up to the hole %zd\n", pread(f, p + P - 60, 300, 0));
    say("read into a hole", pread(f, p + P, 10, 0));
    struct iovec vec[2] = {{p, 10}, {p + P, 10}};
    printf("readv up to the hole %zd\n", preadv(f, vec, 2, 0));
    say("a string in a hole", open(p + P, O_RDONLY));
    printf("end %zd\n", pread(f, &byte, 1, 1 << 20));
    unlink("/tmp/memory-edge");
}

/* The system call itself: musl has no sbrk. */
static long end_of_heap(long want) {
    return syscall(SYS_brk, want);
}

static void heap(void) {
    long was = end_of_heap(0), grown = was + 3 * (long)P + 5;
    volatile char *page = (char *)((was + (long)P - 1) / (long)P * (long)P);

    printf("below the start: %d\n", end_of_heap(4096) == was);
    printf("grown: %d\n", end_of_heap(grown) == grown);
    page[P] = 1;
    printf("shrunk: %d\n", end_of_heap(was) == was);
    printf("grown again: %d\n", end_of_heap(grown) == grown);
    printf("zero: %d\n", page[P] == 0);
    printf("without bounds: %d\n", end_of_heap(-1) == grown);
}

int main(void) {
    hints();
    sizes();
    protection();
    advice();
    files();
    faults();
    heap();
    return 0;
}
