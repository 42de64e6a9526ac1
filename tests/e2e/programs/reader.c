/* SPDX-License-Identifier: BSD-3-Clause
 * One thread waits for a line of input, the other says that it runs meanwhile.
 */
#include <pthread.h>
#include <stdio.h>

static void *say(void *arg) {
    (void)arg;
    printf("the other runs\n");
    fflush(stdout);
    return NULL;
}

int main(void) {
    pthread_t thread;
    char line[100];

    if (pthread_create(&thread, NULL, say, NULL) != 0 || fgets(line, sizeof(line), stdin) == NULL)
        return 1;
    pthread_join(thread, NULL);
    printf("read: %s", line);
    return 0;
}
