/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fuzzes the reader of Occlum.json. Whatever the bytes are, it gives either a configuration that
 * can be written in the flat form, or at least one message, each with a place inside the text.
 *
 * Link: cli/config/?*.c cli/nearest.c -D_GNU_SOURCE -ljansson
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config/config.h"
#include "cli/config/flat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

/* Each line is "f:LINE:COLUMN: text" with a place that the text has. Messages quote the input,
 * which may contain newlines: only the first line is sure to be ours. */
static void check_messages(const char *messages, size_t size) {
    unsigned line, column;

    check(sscanf(messages, "f:%u:%u: ", &line, &column) == 2);
    check(line >= 1 && line <= size + 1);
    check(column >= 1 && column <= size + 1);
}

static void check_flat(const struct config *config) {
    struct rootfs_trailer rootfs = {0};
    uint8_t *bytes = NULL;
    size_t n = 0;
    err e = flat_write(&bytes, &n, config, &rootfs);

    check(e.no == 0 || e.no == E2BIG);
    if (e.no == 0)
        check(n >= sizeof(struct config_header) && n <= 1u << 20);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct config *config = NULL;
    char *messages = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&messages, &n);
    err e = config_parse(&config, (const char *)data, size, "f", out);

    if (e.no == 0)
        config_notes(config, "f", out);
    fclose(out);
    if (e.no == 0)
        check_flat(config);
    else
        check_messages(messages, size);
    config_free(config);
    free(messages);
    return 0;
}
