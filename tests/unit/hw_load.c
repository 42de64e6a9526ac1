/* SPDX-License-Identifier: BSD-3-Clause
 * Loading in HW makes exactly the calls that the signature speaks of, in the driver's order,
 * however often it is interrupted, and says why when it is refused. */
#include "tests/lib/unit.h"

#include <unistd.h>

#include "host/run/load.h"
#include "host/run/say.h"
#include "host/run/sys.h"
#include "host/sgx/file.h"
#include "tests/unit/hw_machine.h"
#include "tests/unit/sign_libos.h"
#include "tests/unit/sign_said.h"

static struct signing_key *g_key;
static struct enclave_file *g_file; /* what was signed */
static struct sgx_secs g_secs_asked;
static struct sgx_sigstruct g_sigstruct;
static struct hw_cpu g_cpu;
static char g_path[] = "/tmp/hw_load.XXXXXX";

static int sign(void **state) {
    char key[512];
    uint8_t *bytes = NULL;
    size_t size = 0;
    int fd = mkstemp(g_path);

    (void)snprintf(key, sizeof(key), "%s/sigstruct/sig1.key.pem", getenv("TEST_VECTORS"));
    assert_done(key_load_any(&g_key, key));
    good_libos(NULL);
    assert_done(enclave_build(&bytes, &size, &g_spec, g_key));
    assert_int_equal(write(fd, bytes, size), size);
    g_file = (struct enclave_file *)(void *)bytes;
    return close(fd);
}

static int drop(void **state) {
    key_free(g_key);
    free(g_file);
    return unlink(g_path);
}

static void load(void) {
    enclave_load(&hw_backend, g_path);
}

static void calls_build_the_enclave_that_was_signed(void **state) {
    load();
    assert_true(machine.inited);
    assert_memory_equal(machine.mrenclave, g_file->sigstruct.enclave_hash, SHA256_SIZE);
    assert_int_equal(machine.secs.base, 0);
    assert_int_equal(machine.secs.size, ELRANGE_SIZE);
    assert_int_equal(machine.secs.ssa_frame_pages, SSA_FRAME_PAGES);
    assert_int_equal(machine.secs.miscselect, SGX_MISC_EXINFO);
    assert_int_equal(machine.secs.attributes.flags, SGX_ATTR_MODE64 | SGX_ATTR_DEBUG);
    assert_non_null(machine.handler);
}

static void pages_are_added_once_in_measured_order(void **state) {
    uint32_t n = 0;

    load();
    for (uint32_t r = 0; r < g_file->run_count; r++) {
        for (uint64_t i = 0; i < g_file->runs[r].page_count; i++, n++) {
            assert_int_equal(machine.pages[n].offset, enclave_run_page(&g_file->runs[r], i));
            assert_int_equal(machine.pages[n].secinfo, g_file->runs[r].secinfo);
            assert_int_equal(machine.pages[n].measured, g_file->runs[r].measure);
        }
    }
    assert_int_equal(n, machine.page_count);
}

static void every_page_is_mapped_as_its_secinfo_allows(void **state) {
    load();
    for (uint32_t i = 0; i < machine.page_count; i++) {
        uint64_t info = machine.pages[i].secinfo;
        uint64_t prot = info == SGX_SECINFO_TCS ? PROT_READ | PROT_WRITE : info & 7;
        assert_int_equal(machine_prot(machine.pages[i].offset), prot);
    }
    assert_int_equal(machine_prot(0), -1);
    assert_int_equal(machine_prot(USER_BASE - 1), -1);
    assert_int_equal(machine_prot(USER_BASE), PROT_READ | PROT_WRITE | PROT_EXEC);
    assert_int_equal(machine_prot(KHEAP_BASE), PROT_READ | PROT_WRITE);
    assert_int_equal(machine_prot(CONFIG_BASE + CONFIG_MAX_SIZE), PROT_NONE);
    assert_true(machine.map_count < 16); /* mappings of the device never merge */
}

static void interruption_anywhere_changes_nothing(void **state) {
    for (uint32_t n = 2; n < 40; n++) {
        machine_start(NULL);
        machine.interrupt_every = n;
        load();
        assert_memory_equal(machine.mrenclave, g_file->sigstruct.enclave_hash, SHA256_SIZE);
    }
}

static void partial_counts_are_taken_up(void **state) {
    for (uint32_t most = 1; most < 4; most++) {
        machine_start(NULL);
        machine.at_most = most;
        load();
        assert_memory_equal(machine.mrenclave, g_file->sigstruct.enclave_hash, SHA256_SIZE);
    }
}

static int64_t adds_nothing(int fd, uint32_t request, uint64_t arg) {
    return 0;
}

static int64_t adds_too_much(int fd, uint32_t request, uint64_t arg) {
    if (request == HW_IOC_ADD_PAGES)
        ((struct hw_add_pages *)(uintptr_t)arg)->count = 1ull << 40;
    return 0;
}

/* A driver that does not keep its word ends the run, it does not hang it. */
static void impossible_counts_end_the_run(void **state) {
    struct sgx_device device = machine_device;

    device.ioctl = adds_nothing;
    hw.device = &device;
    assert_dies(load, "the driver answered 0");
    machine_start(NULL);
    device.ioctl = adds_too_much;
    hw.device = &device;
    assert_dies(load, "claims to have added 1099511627776 of");
}

static void extended_states_are_those_of_the_cpu(void **state) {
    hw.cpu.xfrm = SGX_XFRM_LEGACY | SGX_XFRM_AVX;
    load();
    assert_int_equal(machine.secs.attributes.xfrm, SGX_XFRM_LEGACY | SGX_XFRM_AVX);
    machine_start(NULL);
    load();
    assert_int_equal(machine.secs.attributes.xfrm,
                     SGX_XFRM_LEGACY | SGX_XFRM_AVX | SGX_XFRM_AVX512);
}

static void create_and_init(void) {
    hw_backend.create(&g_secs_asked, &g_sigstruct);
    hw_backend.init(&g_sigstruct, &g_secs_asked);
}

/* An enclave without pages, as the loader asks for it. */
static void ask(void) {
    g_sigstruct = g_file->sigstruct;
    g_secs_asked = (struct sgx_secs){.size = ELRANGE_SIZE,
                                     .ssa_frame_pages = SSA_FRAME_PAGES,
                                     .miscselect = g_sigstruct.miscselect,
                                     .attributes = g_sigstruct.attributes};
}

static void signature_that_insists_on_a_missing_state_is_refused(void **state) {
    ask();
    g_sigstruct.attribute_mask.xfrm = ~0ull;
    g_sigstruct.attributes.xfrm |= SGX_XFRM_AVX;
    g_secs_asked.attributes.xfrm |= SGX_XFRM_AVX;
    mem_copy(g_secs_asked.mrenclave, g_sigstruct.enclave_hash, SHA256_SIZE);
    hw.cpu.xfrm = SGX_XFRM_LEGACY;
    assert_dies(create_and_init, "demands attributes or extended states");
    assert_false(machine.inited);
}

/* What each refusal must say; the numbers are those the driver and the kernel give. */
static void every_refusal_says_why(void **state) {
    static const struct {
        uint32_t request;
        uint32_t after;
        int no;
        const char *words;
    } refusals[] = {
        {FAIL_OPEN, 0, ENOENT, "cannot use SGX: /dev/sgx_enclave is not there"},
        {FAIL_OPEN, 0, EACCES, "may not be opened"},
        {FAIL_OPEN, 0, EPERM, "may not be opened"},
        {FAIL_OPEN, 0, ENODEV, "has no driver"},
        {FAIL_OPEN, 0, ENXIO, "has no driver"},
        {FAIL_OPEN, 0, EMFILE, "cannot use SGX (EMFILE)"},
        {FAIL_MMAP, 0, ENOMEM, "ulimit -v"},
        {FAIL_MMAP, 0, EPERM, "vm.mmap_min_addr"},
        {FAIL_MMAP, 0, EEXIST, "something else lies there"},
        {FAIL_MMAP, 0, EACCES, "READ_IMPLIES_EXEC"},
        {FAIL_MMAP, 1, EPERM, "/dev is mounted noexec"},
        {FAIL_MMAP, 1, EACCES, "noexec"},
        {FAIL_MMAP, 4, ENOMEM, "too many mappings"},
        {FAIL_MMAP, 4, ENODEV, "cannot map the enclave's pages (ENODEV)"},
        {HW_IOC_CREATE, 0, EIO, "ECREATE"},
        {HW_IOC_CREATE, 0, EINVAL, "size or attributes"},
        {HW_IOC_CREATE, 0, ENOMEM, "EPC"},
        {HW_IOC_ADD_PAGES, 0, EACCES, "mounted noexec"},
        {HW_IOC_ADD_PAGES, 3, EINVAL, "place or permissions"},
        {HW_IOC_ADD_PAGES, 3, EBUSY, "has this page already"},
        {HW_IOC_ADD_PAGES, 3, EFAULT, "became shorter"},
        {HW_IOC_ADD_PAGES, 3, ENOMEM, "EPC"},
        {HW_IOC_ADD_PAGES, 3, EIO, "was lost"},
        {HW_IOC_INIT, 0, EPERM, "measurement or signature (EINIT)"},
        {HW_IOC_INIT, 0, EIO, "was lost"},
        {HW_IOC_INIT, 0, EACCES, "provisioning key"},
        {HW_IOC_INIT, 0, EINVAL, "this CPU lacks"},
        {HW_IOC_INIT, 0, ENOMEM, "EPC"},
        {HW_IOC_INIT, 0, ENOTTY, "cannot start the enclave (ENOTTY)"},
    };

    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        machine_start(NULL);
        machine.fail_request = refusals[i].request;
        machine.fail_after = refusals[i].after;
        machine.fail_errno = refusals[i].no;
        assert_dies(load, refusals[i].words);
        assert_non_null(strstr(machine_said, "SGX mode HW: cannot "));
        assert_null(strchr(machine_said, '\n'));
        assert_int_equal(machine_code, EXIT_REFUSED);
        assert_false(machine.inited);
    }
}

/* The driver says EPERM to what the CPU refuses; here the machine really checks. */
static void enclave_that_is_not_what_was_signed_is_refused_by_the_machine(void **state) {
    ask();
    assert_dies(create_and_init, "measurement or signature (EINIT)");
    assert_false(machine.inited);
}

static void start_on_a_lesser_cpu(void) {
    hw_start(&machine_device, &g_cpu);
}

static void lesser_cpu_is_refused_with_what_it_lacks(void **state) {
    g_cpu = (struct hw_cpu){0};
    assert_dies(start_on_a_lesser_cpu, "has no SGX, or the firmware");
    g_cpu.sgx1 = true;
    assert_dies(start_on_a_lesser_cpu, "no SGX2");
    g_cpu.sgx2 = true;
    assert_dies(start_on_a_lesser_cpu, "EXINFO");
    g_cpu.exinfo = true;
    g_cpu.size_bits = ELRANGE_BITS - 1;
    assert_dies(start_on_a_lesser_cpu, "too small");
    g_cpu.size_bits++;
    assert_false(machine_dies(start_on_a_lesser_cpu));
}

/* CPUID must say the same as Linux does. */
static void this_cpu_is_read_without_trying(void **state) {
    struct hw_cpu cpu = hw_cpu_read();

    if (access("/dev/sgx_enclave", F_OK) == 0)
        assert_true(cpu.sgx1);
    if (!cpu.sgx1)
        assert_non_null(hw_cpu_lacks(&cpu));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(calls_build_the_enclave_that_was_signed, machine_start),
        cmocka_unit_test_setup(pages_are_added_once_in_measured_order, machine_start),
        cmocka_unit_test_setup(every_page_is_mapped_as_its_secinfo_allows, machine_start),
        cmocka_unit_test_setup(interruption_anywhere_changes_nothing, machine_start),
        cmocka_unit_test_setup(partial_counts_are_taken_up, machine_start),
        cmocka_unit_test_setup(impossible_counts_end_the_run, machine_start),
        cmocka_unit_test_setup(extended_states_are_those_of_the_cpu, machine_start),
        cmocka_unit_test_setup(signature_that_insists_on_a_missing_state_is_refused, machine_start),
        cmocka_unit_test_setup(every_refusal_says_why, machine_start),
        cmocka_unit_test_setup(enclave_that_is_not_what_was_signed_is_refused_by_the_machine,
                               machine_start),
        cmocka_unit_test_setup(lesser_cpu_is_refused_with_what_it_lacks, machine_start),
        cmocka_unit_test(this_cpu_is_read_without_trying),
    };
    return cmocka_run_group_tests(tests, sign, drop);
}
