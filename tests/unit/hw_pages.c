/* SPDX-License-Identifier: BSD-3-Clause
 * Memory of the running enclave: whatever stops the driver in the middle, each page is changed
 * once, and the enclave's EACCEPT finds what it was told. */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "tests/unit/hw_machine.h"

#define AT     (USER_BASE + 0x100000)
#define PAGES  24u
#define SIZE   (PAGES * PAGE_SIZE)
#define REG_RW (SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W)
#define TRIM   (SGX_SECINFO_TRIM | SGX_SECINFO_MODIFIED)

/* A running enclave without pages: INIT's checks are hw_load's. */
static int running(void **state) {
    static const struct sgx_sigstruct sigstruct;
    const struct sgx_secs secs = {.size = ELRANGE_SIZE,
                                  .ssa_frame_pages = 1,
                                  .attributes = {SGX_ATTR_MODE64, SGX_XFRM_LEGACY}};

    machine_start(NULL);
    hw_backend.create(&secs, &sigstruct);
    machine.inited = true;
    return 0;
}

static void accept_all(uint64_t secinfo) {
    for (uint32_t i = 0; i < PAGES; i++)
        assert_true(machine_accept(AT + i * PAGE_SIZE, secinfo));
}

static void committed(void) {
    assert_int_equal(hw_backend.commit(AT, SIZE), 0);
    accept_all(REG_RW | SGX_SECINFO_PENDING);
}

static int machine_calls(void) {
    return (int)machine.calls;
}

static void commit_costs_no_call_and_no_mapping(void **state) {
    uint32_t maps = machine.map_count;
    int calls = machine_calls();

    committed();
    assert_int_equal(hw_backend.commit(KHEAP_BASE, PAGE_SIZE), 0);
    assert_true(machine_accept(KHEAP_BASE, REG_RW | SGX_SECINFO_PENDING));
    assert_int_equal(machine.map_count, maps);
    assert_int_equal(machine_calls(), calls);
}

static void commit_is_refused_where_pages_are_or_cannot_be(void **state) {
    committed();
    assert_int_equal(hw_backend.commit(AT + SIZE - PAGE_SIZE, 2 * PAGE_SIZE), -EEXIST);
    assert_int_equal(hw_backend.commit(0, PAGE_SIZE), -EINVAL);
    assert_int_equal(hw_backend.commit(LIBOS_BASE - PAGE_SIZE, 2 * PAGE_SIZE), -EINVAL);
    assert_int_equal(hw_backend.commit(AT, UINT64_MAX - 0xfff), -EINVAL);
    assert_false(machine_accept(0x1000, REG_RW | SGX_SECINFO_PENDING));
}

static void whole_life_of_pages(void) {
    committed();
    assert_int_equal(hw_backend.protect(AT, SIZE, SGX_SECINFO_R), 0);
    accept_all(SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_PR);
    assert_int_equal(hw_backend.trim(AT, SIZE), 0);
    accept_all(TRIM);
    assert_int_equal(hw_backend.release(AT, SIZE), 0);
    assert_null(machine_page(AT));
    assert_null(machine_page(AT + SIZE - PAGE_SIZE));
}

static void pages_live_and_go(void **state) {
    whole_life_of_pages();
    committed(); /* the range can be used again */
}

static void interruption_anywhere_changes_nothing(void **state) {
    static const int reasons[] = {EINTR, EAGAIN, EBUSY};

    for (size_t r = 0; r < COUNT_OF(reasons); r++) {
        for (uint32_t n = 2; n < 12; n++) {
            running(NULL);
            machine.interrupt = reasons[r];
            machine.interrupt_every = n;
            whole_life_of_pages();
        }
    }
}

static void partial_counts_are_taken_up(void **state) {
    for (uint32_t most = 1; most < 30; most++) {
        running(NULL);
        machine.at_most = most;
        machine.interrupt_every = most % 4 == 0 ? 3 : 0;
        whole_life_of_pages();
    }
}

/* EMODPR leaves a page waiting for EACCEPT: where nothing is lost it must not be done. */
static void only_what_is_lost_is_restricted(void **state) {
    int calls;

    committed();
    calls = machine_calls();
    assert_int_equal(hw_backend.protect(AT, SIZE, 7), 0); /* after EMODPE in the enclave */
    assert_int_equal(machine_calls(), calls);
    assert_false(machine_page(AT)->pr);
    assert_int_equal(hw_backend.protect(AT, 2 * PAGE_SIZE, 1), 0);
    assert_int_equal(hw_backend.protect(AT, SIZE, 1), 0);
    assert_true(machine_page(AT + 2 * PAGE_SIZE)->pr);
    assert_int_equal(machine_calls(), calls + 2);
}

static void mixed_pages_are_restricted_run_by_run(void **state) {
    committed();
    assert_int_equal(hw_backend.protect(AT + 4 * PAGE_SIZE, 4 * PAGE_SIZE, 1), 0);
    for (uint32_t i = 4; i < 8; i++)
        assert_true(machine_accept(AT + i * PAGE_SIZE, SGX_SECINFO_REG | 1 | SGX_SECINFO_PR));
    assert_int_equal(hw_backend.protect(AT, SIZE, 1), 0);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_int_equal(machine_page(AT + i * PAGE_SIZE)->pr, i < 4 || i >= 8);
}

static void refusals_come_back_as_they_are(void **state) {
    static const int reasons[] = {EFAULT, EINVAL, EPERM, EIO, ENOMEM, ENODEV};

    committed();
    assert_int_equal(hw_backend.release(AT, SIZE), -EPERM); /* neither trimmed nor agreed to */
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        machine.fail_request = HW_IOC_MODIFY;
        machine.fail_after = 0;
        machine.fail_errno = reasons[i];
        assert_int_equal(hw_backend.trim(AT, SIZE), -reasons[i]);
    }
    assert_int_equal(hw_backend.trim(AT, SIZE), 0);
    assert_int_equal(hw_backend.trim(AT, SIZE), -EFAULT);
    assert_int_equal(hw_backend.release(AT, SIZE), -EPERM); /* trimmed, not agreed to */
    accept_all(TRIM);
    assert_int_equal(hw_backend.release(AT, SIZE), 0);
}

static void pages_that_are_not_there_are_refused(void **state) {
    int calls = machine_calls();

    assert_int_equal(hw_backend.protect(AT, SIZE, 1), -EINVAL);
    assert_int_equal(hw_backend.trim(AT, SIZE), -EINVAL);
    assert_int_equal(hw_backend.release(AT, SIZE), -EINVAL);
    committed();
    assert_int_equal(hw_backend.protect(AT, SIZE, 8), -EINVAL);
    assert_int_equal(hw_backend.trim(AT, SIZE + PAGE_SIZE), -EINVAL);
    assert_int_equal(hw_backend.trim(AT, UINT64_MAX - 0xfff), -EINVAL);
    assert_int_equal(machine_calls(), calls);
}

/* The CPU has no such page; the enclave does not ask for one (enclave/mm/pages.c). */
static void writable_and_not_readable_is_refused(void **state) {
    committed();
    assert_int_equal(hw_backend.protect(AT, SIZE, SGX_SECINFO_W), -EINVAL);
    assert_false(machine_page(AT)->pr);
}

static uint64_t g_claim;

static int64_t claims(int fd, uint32_t request, uint64_t arg) {
    ((struct hw_modify *)(uintptr_t)arg)->count = g_claim;
    return 0;
}

static void impossible_counts_are_errors(void **state) {
    static const uint64_t wrong[] = {0, 1, SIZE + PAGE_SIZE, UINT64_MAX};
    struct sgx_device device = machine_device;

    committed();
    device.ioctl = claims;
    hw.device = &device;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        g_claim = wrong[i];
        assert_int_equal(hw_backend.trim(AT, SIZE), -EIO);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(commit_costs_no_call_and_no_mapping, running),
        cmocka_unit_test_setup(commit_is_refused_where_pages_are_or_cannot_be, running),
        cmocka_unit_test_setup(pages_live_and_go, running),
        cmocka_unit_test_setup(interruption_anywhere_changes_nothing, running),
        cmocka_unit_test_setup(partial_counts_are_taken_up, running),
        cmocka_unit_test_setup(only_what_is_lost_is_restricted, running),
        cmocka_unit_test_setup(mixed_pages_are_restricted_run_by_run, running),
        cmocka_unit_test_setup(refusals_come_back_as_they_are, running),
        cmocka_unit_test_setup(pages_that_are_not_there_are_refused, running),
        cmocka_unit_test_setup(writable_and_not_readable_is_refused, running),
        cmocka_unit_test_setup(impossible_counts_are_errors, running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
