/* SPDX-License-Identifier: BSD-3-Clause
 *
 * head.file_size is always that of a finished file: a page of header and the data so far.
 */
#include "cli/sign/pages.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/say.h"

static err append(struct pages *pages, const struct enclave_run *run) {
    if (pages->head.run_count == ENCLAVE_MAX_RUNS)
        return complain("the enclave needs more than %u page runs; the LibOS has too many segments",
                        ENCLAVE_MAX_RUNS);
    pages->head.runs[pages->head.run_count++] = *run;
    return OK;
}

err pages_add_zero(struct pages *pages, struct enclave_run run) {
    run.file_offset = 0;
    return append(pages, &run);
}

err pages_add_data(struct pages *pages, struct enclave_run run, span *content) {
    size_t old = pages->data_size;
    uint64_t size;
    uint64_t total;
    uint8_t *data;

    if (!mul_ok(&size, run.page_count, PAGE_SIZE) || !add_ok(&total, size, (uint64_t)old))
        return complain("the enclave is too big");
    run.file_offset = PAGE_SIZE + old;
    TRY(append(pages, &run));
    data = realloc(pages->data, total);
    if (data == NULL)
        return complain("not enough memory for the enclave");
    pages->data = data;
    pages->data_size = total;
    pages->head.file_size = PAGE_SIZE + total;
    if (!span_sub(content, span_of(data, total), old, size))
        return complain("the enclave is too big");
    span_zero(*content);
    return OK;
}

err pages_join(const struct pages *pages, uint8_t **bytes, size_t *size) {
    size_t total = sizeof(pages->head) + pages->data_size;
    span file = span_of(malloc(total), total);

    if (file.p == NULL)
        return complain("not enough memory for the enclave");
    mem_copy(file.p, &pages->head, sizeof(pages->head));
    if (pages->data_size > 0)
        mem_copy(file.p + sizeof(pages->head), pages->data, pages->data_size);
    *bytes = file.p;
    *size = total;
    return OK;
}

void pages_fini(struct pages *pages) {
    free(pages->data);
    *pages = (struct pages){.data = NULL};
}
