/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The measurement that is printed is computed from the pages, not read from the signature: what
 * somebody pastes into a verifier's policy is what the CPU will report.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/say.h"
#include "cli/sign/enclave.h"
#include "host/sgx/file.h"
#include "host/sgx/sigstruct.h"

static void head_free_p(struct enclave_file **p) {
    free(*p);
}

static err identify(struct enclave_identity *id, const struct enclave_file *head, cspan file) {
    const struct sgx_sigstruct *sig = &head->sigstruct;
    enum enclave_fault bad_file = enclave_file_check(head, file.n);
    enum sigstruct_fault bad_sig;

    if (bad_file != ENCLAVE_OK)
        return complain("%s; build it again", enclave_fault_text(bad_file));
    bad_sig = sigstruct_check(sig);
    if (bad_sig != SIGSTRUCT_OK)
        return complain("%s; build the enclave again", sigstruct_fault_text(bad_sig));
    enclave_file_measure(head, file, id->mrenclave);
    if (!mem_equal(id->mrenclave, sig->enclave_hash, SHA256_SIZE))
        return complain("%s; build it again", sigstruct_fault_text(SIGSTRUCT_OTHER_MEASUREMENT));
    sigstruct_mrsigner(sig, id->mrsigner);
    id->prod_id = sig->isv_prod_id;
    id->svn = sig->isv_svn;
    id->debug = (sig->attributes.flags & SGX_ATTR_DEBUG) != 0;
    return OK;
}

err enclave_identify(struct enclave_identity *id, cspan file) {
    OWNED(head_free_p) struct enclave_file *head = malloc(sizeof(*head));

    if (head == NULL)
        return complain("not enough memory for the enclave");
    if (!cspan_read(SPAN_OF(*head), file, 0))
        return complain("%s; build it again", enclave_fault_text(ENCLAVE_BAD_MAGIC));
    return identify(id, head, file);
}

void measurement_print(char out[MEASUREMENT_TEXT], const uint8_t measurement[SHA256_SIZE]) {
    for (size_t i = 0; i < SHA256_SIZE; i++)
        (void)snprintf(&out[2 * i], 3, "%02x", measurement[i]);
}
