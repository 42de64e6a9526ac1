/* SPDX-License-Identifier: BSD-3-Clause
 * A thread that makes call after call, and never blocks, does not keep another one from running.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static volatile int g_done;

static void *run(void *arg) {
    (void)arg;
    g_done = 1;
    return NULL;
}

int main(void) {
    pthread_t thread;

    if (pthread_create(&thread, NULL, run, NULL) != 0)
        return 1;
    while (!g_done)
        getppid();
    pthread_join(thread, NULL);
    printf("the other ran\n");
    return 0;
}
