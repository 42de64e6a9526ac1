/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What must hold between keys, and what follows when one of a pair is not given. Runs when every
 * key on its own is right.
 */
#include "cli/config/reader.h"

/* `high` is an upper bound of `low`: filled in if not given, else checked. */
static void bound_check(struct reader *r, enum config_key low, enum config_key high,
                        const char *message) {
    struct config *c = r->config;

    if (!c->given[high])
        c->number[high] = c->number[low];
    else if (!c->given[low] && c->number[low] > c->number[high])
        c->number[low] = c->number[high];
    else if (c->number[low] > c->number[high])
        fault_at(r, c->place[high], "%s", message);
}

static struct config_place place_of_either(const struct config *c, enum config_key a,
                                           enum config_key b) {
    return c->given[a] ? c->place[a] : c->place[b];
}

void rules_check(struct reader *r) {
    struct config *c = r->config;

    bound_check(r, KEY_resource_limits_kernel_space_heap_size,
                KEY_resource_limits_kernel_space_heap_max_size,
                "resource_limits.kernel_space_heap_max_size is smaller than "
                "kernel_space_heap_size");
    bound_check(r, KEY_resource_limits_user_space_size, KEY_resource_limits_user_space_max_size,
                "resource_limits.user_space_max_size is smaller than user_space_size");
    if (c->number[KEY_resource_limits_init_num_of_threads] >
        c->number[KEY_resource_limits_max_num_of_threads])
        fault_at(r, c->place[KEY_resource_limits_init_num_of_threads],
                 "resource_limits.init_num_of_threads is larger than max_num_of_threads");
    if (c->number[KEY_process_default_stack_size] >=
        c->number[KEY_resource_limits_user_space_max_size])
        fault_at(
            r,
            place_of_either(c, KEY_process_default_stack_size, KEY_resource_limits_user_space_size),
            "process.default_stack_size does not fit resource_limits.user_space_size");
    if (!c->given[KEY_metadata_disable_log])
        c->number[KEY_metadata_disable_log] = !c->number[KEY_metadata_debuggable];
}
