/* SPDX-License-Identifier: BSD-3-Clause
 * Memory: the heap, mappings, protection, and what a fresh page holds.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE (8UL << 20)

static int all_zero(const unsigned char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0)
            return 0;
    }
    return 1;
}

int main(void) {
    unsigned char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char *q = malloc(3 << 20);

    printf("mapped %d, zero %d\n", p != MAP_FAILED, all_zero(p, SIZE));
    memset(p, 7, SIZE);
    printf("hole %d\n", munmap(p + SIZE / 2, 4096));
    printf("both sides stay %d %d\n", p[SIZE / 2 - 1], p[SIZE / 2 + 4096]);
    printf("unmapping a hole is fine %d\n", munmap(p + SIZE / 2, 4096));
    printf("filled again %d\n",
           mmap(p + SIZE / 2, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                -1, 0) == p + SIZE / 2);
    printf("and is zero %d\n", all_zero(p + SIZE / 2, 4096));
    printf("read-only %d\n", mprotect(p, 4096, PROT_READ));
    printf("still reads %d\n", p[0]);
    printf("unaligned %d", mprotect(p + 1, 4096, PROT_READ));
    printf(" %s\n", strerror(errno));
    printf("nothing there %d", mprotect((void *)0x10000, 4096, PROT_READ));
    printf(" %s\n", strerror(errno));
    printf("size zero %d",
           mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    printf(" %s\n", strerror(errno));
    printf("heap %d\n", q != NULL);
    memset(q, 9, 3 << 20);
    q = realloc(q, 12 << 20);
    printf("grown %d %d\n", q != NULL, q[(3 << 20) - 1]);
    free(q);
    printf("huge reservation %d\n",
           mmap(NULL, 1UL << 33, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) !=
               MAP_FAILED);
    return 0;
}
