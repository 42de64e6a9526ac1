/* SPDX-License-Identifier: BSD-3-Clause
 * What a program is started with: arguments, auxiliary vector, input; and how it ends.
 */
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char line[64] = "";

    printf("argc %d\n", argc);
    for (int i = 1; i < argc; i++)
        printf("argv[%d] '%s'\n", i, argv[i]);
    printf("argv ends: %d\n", argv[argc] == NULL);
    printf("page size %lu\n", getauxval(AT_PAGESZ));
    printf("random bytes given: %d\n", getauxval(AT_RANDOM) != 0);
    printf("hwcap %lx, secure %lu\n", getauxval(AT_HWCAP), getauxval(AT_SECURE));
    printf("input '%s'\n", fgets(line, sizeof(line), stdin) ? line : "none");
    printf("end of input: %d\n", fgets(line, sizeof(line), stdin) == NULL);
    fprintf(stderr, "to standard error\n");
    return 200;
}
