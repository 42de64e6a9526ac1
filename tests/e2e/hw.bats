#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The HW back end with a real enclave on a made-up machine (tests/e2e/machine): EMU's leaves are the
# CPU, a few lines are Linux's driver. What the same enclave does in EMU it must do here.

bats_require_minimum_version 1.5.0

setup_file() {
    export DIR="$BATS_FILE_TMPDIR/instance"
    export MACHINE="${OCCLUM_MACHINE:-$BATS_TEST_DIRNAME/../../build/release/tests/e2e/machine/occlum-run-machine}"
    occlum new "$DIR" >/dev/null
    cp "$(command -v busybox)" "$DIR/image/bin/busybox"
    gcc-12 -static -g -O1 -mfsgsbase -o "$DIR/image/bin/crash" "$BATS_TEST_DIRNAME/programs/crash.c"
    (cd "$DIR" && occlum build >/dev/null)
}

setup() {
    cd "$DIR" || return
}

hw() {
    run --separate-stderr "$MACHINE" --mode HW --stats yes --instance "$DIR" -- "$@"
}

@test "a program runs, reads its image and exits with its code" {
    hw /bin/busybox echo hello
    [ "$status" -eq 0 ]
    [ "$output" = hello ]
    hw /bin/busybox sha256sum /bin/busybox
    [ "$output" = "$(sha256sum <"$DIR/image/bin/busybox" | cut -d' ' -f1)  /bin/busybox" ]
    hw /bin/busybox false
    [ "$status" -eq 1 ]
}

@test "a fault of the program ends it as in EMU" {
    for crime in segv ill fpe abort; do
        hw /bin/crash "$crime"
        there=$status
        run -"$there" occlum run --sgx-mode EMU /bin/crash "$crime"
        [ "$there" -gt 128 ]
    done
}

# The made-up CPU counts each leaf, and so does the back end by what it asked for; both go into one
# counter. Only the CPU sees EACCEPT.
@test "the back end counts what the CPU did" {
    hw /bin/busybox true
    read -r enter exit aex resume accept <<<"$(tr -dc '0-9,' <<<"${stderr##*stats:}" | tr ',' ' ')"
    run --separate-stderr occlum run --sgx-mode EMU --stats /bin/busybox true
    read -r enter1 exit1 aex1 resume1 accept1 <<<"$(tr -dc '0-9,' <<<"${stderr##*stats:}" | tr ',' ' ')"
    [ "$enter" -eq $((2 * enter1)) ]
    [ "$exit" -eq $((2 * exit1)) ]
    [ "$aex" -eq $((2 * aex1)) ]
    [ "$resume" -eq $((2 * resume1)) ]
    [ "${accept%% *}" = "${accept1%% *}" ]
    [ "$aex1" -gt 0 ]
}

@test "an enclave that was changed is refused" {
    cp build/enclave.signed "$BATS_TEST_TMPDIR/good"
    printf '\377' | dd of=build/enclave.signed bs=1 seek=5000 conv=notrunc status=none
    hw /bin/busybox true
    cp "$BATS_TEST_TMPDIR/good" build/enclave.signed
    [ "$status" -eq 1 ]
}
