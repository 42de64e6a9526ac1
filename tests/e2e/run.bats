#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# `occlum run`: exit codes, standard files, environment, entry points, what a user sees when
# something goes wrong, and what is left behind.

bats_require_minimum_version 1.5.0

setup_file() {
    export SGX_MODE=SIM
    export DIR="$BATS_FILE_TMPDIR/instance"
    occlum new "$DIR" >/dev/null
    cp "$(command -v busybox)" "$DIR/image/bin/busybox"
    ln -s busybox "$DIR/image/bin/cat"
    gcc-12 -static -g -O1 -mfsgsbase -o "$DIR/image/bin/crash" "$BATS_TEST_DIRNAME/programs/crash.c"
    gcc-12 -static-pie -fPIE -g -O1 -o "$DIR/image/bin/crash-pie" "$BATS_TEST_DIRNAME/programs/crash.c"
    gcc-12 -static -O1 -pthread -o "$DIR/image/bin/preempt" \
        "$BATS_TEST_DIRNAME/../sys/thread_preempt.c"
    gcc-12 -static -O1 -pthread -o "$DIR/image/bin/reader" "$BATS_TEST_DIRNAME/programs/reader.c"
    musl-gcc -static -g -O1 -o "$DIR/image/bin/crash-musl" "$BATS_TEST_DIRNAME/programs/crash.c"
    printf 'not a program' >"$DIR/image/bin/text"
    chmod +x "$DIR/image/bin/text"
    mkdir -p "$DIR/image/opt/elsewhere"
    cp "$DIR/image/bin/busybox" "$DIR/image/opt/elsewhere/"
    sed -i 's/"EXAMPLE"/"EXAMPLE", "OTHER"/' "$DIR/Occlum.json"
    (cd "$DIR" && occlum build >/dev/null)
}

setup() {
    cd "$DIR"
}

inside() {
    run --separate-stderr occlum run /bin/busybox "$@"
}

@test "a program's output and exit code 0 come back" {
    inside echo hello
    [ "$status" -eq 0 ]
    [ "$output" = hello ]
    [ -z "$stderr" ]
}

@test "exit codes 1, 127 and 200 are not bent" {
    for code in 1 127 200 255; do
        inside sh -c "exit $code"
        [ "$status" -eq "$code" ]
    done
}

@test "a missing program is 127 with a line that names it" {
    run --separate-stderr occlum run /bin/none
    [ "$status" -eq 127 ]
    [[ "$stderr" == *"/bin/none"*"ENOENT"* ]]
}

@test "a file that is no program is 127 with the reason" {
    run --separate-stderr occlum run /bin/text
    [ "$status" -eq 127 ]
    [[ "$stderr" == *"/bin/text"*"ENOEXEC"* ]]
}

@test "a program outside the entry points is refused by name" {
    run --separate-stderr occlum run /opt/elsewhere/busybox true
    [ "$status" -eq 127 ]
    [[ "$stderr" == *"/opt/elsewhere/busybox"*"NOT a valid entry point"* ]]
}

@test "a path with a parent component or without a slash is refused" {
    run --separate-stderr occlum run /bin/../bin/busybox true
    [ "$status" -eq 127 ]
    [[ "$stderr" == *"parent component"* ]]
    run --separate-stderr occlum run bin/busybox true
    [ "$status" -eq 127 ]
    [[ "$stderr" == *"absolute"* ]]
}

@test "a crash is 139 and names signal, file and offset that addr2line knows" {
    for program in crash crash-pie crash-musl; do
        run --separate-stderr occlum run "/bin/$program" segv
        [ "$status" -eq 139 ]
        [[ "$stderr" =~ "SIGSEGV at /bin/$program+0x"([0-9a-f]+) ]]
        offset=0x${BASH_REMATCH[1]}
        text=$(readelf -lW "image/bin/$program" | awk '$1 == "LOAD" && / R E / { print $2, $3 }')
        address=$((offset - ${text% *} + ${text#* }))
        [ "$(addr2line -fe "image/bin/$program" "$(printf %x $address)" | head -1)" = write_null ]
    done
}

@test "other faults are 128 plus their signal" {
    run --separate-stderr occlum run /bin/crash ill
    [ "$status" -eq 132 ]
    run --separate-stderr occlum run /bin/crash fpe
    [ "$status" -eq 136 ]
    run --separate-stderr occlum run /bin/crash abort
    [ "$status" -eq 134 ]
    run --separate-stderr occlum run /bin/crash term
    [ "$status" -eq 143 ]
}

@test "standard files may be a file, a pipe or closed" {
    head -c 300000 /dev/urandom >data.in
    occlum run /bin/cat <data.in >data.out
    cmp data.in data.out
    cat data.in | occlum run /bin/cat | cmp - data.in
    occlum run /bin/cat <data.in >>data.out
    [ "$(stat -c %s data.out)" -eq 600000 ]
    run bash -c "occlum run /bin/busybox sh -c 'read x || echo none' <&-"
    [ "$output" = none ]
    run --separate-stderr bash -c 'occlum run /bin/busybox echo lost >&-'
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"Bad file descriptor"* ]]
    rm data.in data.out
}

@test "a closed pipe ends the writer with SIGPIPE, 141" {
    set +o pipefail
    occlum run /bin/busybox yes | head -n 1 >/dev/null
    [ "${PIPESTATUS[0]}" -eq 141 ]
}

@test "a terminal is a terminal inside" {
    run script -qec "occlum run /bin/busybox tty" /dev/null
    [[ "$output" == *"/dev/"* ]]
    run script -qec "stty cols 91 rows 33; occlum run /bin/busybox stty size" /dev/null
    [[ "$output" == *"33 91"* ]]
}

@test "only default and listed environment reaches the program" {
    EXAMPLE=from-host SECRET=leak run --separate-stderr occlum run /bin/busybox env
    [[ "$output" == *"OCCLUM=yes"* ]]
    [[ "$output" == *"EXAMPLE=from-host"* ]]
    [[ "$output" != *SECRET* ]]
    [[ "$output" != *OTHER* ]]
}

@test "the program gets its base name as argv[0]" {
    run --separate-stderr occlum run /bin/cat --help
    [[ "$output$stderr" == *"Usage: cat"* ]]
}

@test "without a chosen mode one plain warning says that SIM protects nothing" {
    mv .sgx_mode kept # the build was told a mode
    run --separate-stderr env -u SGX_MODE occlum run /bin/busybox true
    mv kept .sgx_mode
    [ "$status" -eq 0 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
    [[ "$stderr" == *SIM* ]]
}

@test "two runs of one instance at once both work" {
    mkfifo gate
    occlum run /bin/busybox sh -c 'read x; echo "first $x"' <gate >one.out &
    exec 9>gate
    occlum run /bin/busybox echo second >two.out
    [ "$(occlum status)" = running ]
    echo done >&9
    exec 9>&-
    wait $!
    [ "$(cat one.out)" = "first done" ]
    [ "$(cat two.out)" = second ]
    rm one.out two.out gate
}

@test "interrupt and kill -9 leave nothing behind" {
    before=$(find . | sort)
    for signal in INT KILL TERM; do
        # A shell starts background programs with SIGINT ignored; a terminal does not.
        env --default-signal=INT occlum run /bin/busybox sleep 100 3>&- &
        pid=$!
        until grep -q occlum-run "/proc/$pid/cmdline" 2>/dev/null; do :; done
        kill -$signal "$pid"
        code=0
        wait "$pid" || code=$?
        [ "$code" -gt 128 ]
    done
    [ "$(find . | sort)" = "$before" ]
    [ "$(occlum status)" = built ]
    inside true
    [ "$status" -eq 0 ]
}

@test "a limit on virtual memory gives a line that names ulimit" {
    run --separate-stderr bash -c 'ulimit -v 4000000; occlum run /bin/busybox true'
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"ulimit -v"* ]]
}

@test "a command line with 100 KB in one argument arrives whole" {
    long=$(printf '%0100000d' 7)
    [ "$(occlum run /bin/busybox printf %s "$long")" = "$long" ]
}

@test "more arguments than an enclave takes are refused with the number" {
    run --separate-stderr bash -c 'ulimit -s unlimited; occlum run /bin/busybox true $(seq 70000)'
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"70002 arguments"*"65536"* ]]
}

@test "a missing fork is said in a line of ours" {
    inside sh -c 'true | true'
    [ "$status" -ne 0 ]
    [ "$status" -ne 134 ]
    [[ "$stderr" == *"fork is not there yet"* ]]
}

@test "more memory than user_space_size is ENOMEM with the key to raise" {
    run --separate-stderr occlum run /bin/busybox dd if=/dev/zero of=/dev/null bs=400M count=1
    [ "$status" -ne 0 ]
    [ "$status" -ne 134 ]
    [[ "$stderr" == *"user_space_size"* ]]
}

@test "the LibOS's own memory is out of a program's reach by accident" {
    run --separate-stderr occlum run /bin/crash kernel
    [ "$status" -eq 139 ]
}

@test "EMU runs the same enclave by the CPU's rules: every leaf is performed" {
    before=$(occlum print mrenclave)
    run --separate-stderr occlum run --sgx-mode EMU --stats /bin/busybox echo hello
    [ "$status" -eq 0 ]
    [ "$output" = hello ]
    [[ "$stderr" =~ "EENTER "[1-9][0-9]*", EEXIT "[1-9][0-9]*", AEX "[1-9][0-9]*", ERESUME "[1-9][0-9]*", EACCEPT "[1-9][0-9]*", EMODPE "[1-9] ]]
    [ "$(occlum print mrenclave)" = "$before" ]
    run --separate-stderr occlum run --sgx-mode SIM --stats /bin/busybox echo hello
    [[ "$stderr" == *"EENTER 0, EEXIT 0"* ]]
}

@test "EMU: crashes and exit codes are those of SIM" {
    for way in segv:139 ill:132 fpe:136 abort:134 term:143 kernel:139; do
        run --separate-stderr occlum run --sgx-mode EMU /bin/crash "${way%:*}"
        [ "$status" -eq "${way#*:}" ]
    done
    run --separate-stderr occlum run --sgx-mode EMU /bin/busybox sh -c 'exit 200'
    [ "$status" -eq 200 ]
}

@test "OCCLUM_SIM_EXIT_CYCLES takes a number and nothing else" {
    OCCLUM_SIM_EXIT_CYCLES=8000 run --separate-stderr occlum run /bin/busybox echo slow
    [ "$status" -eq 0 ]
    [ "$output" = slow ]
    OCCLUM_SIM_EXIT_CYCLES=fast run --separate-stderr occlum run /bin/busybox echo slow
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"OCCLUM_SIM_EXIT_CYCLES=fast"* ]]
}

@test "a program that writes GS goes on, in SIM and EMU" {
    for mode in SIM EMU; do
        run --separate-stderr occlum run --sgx-mode $mode /bin/crash gs
        [ "$status" -eq 0 ]
    done
}

@test "a thread that waits for input does not stop the others" {
    mkfifo gate
    for mode in SIM EMU; do
        timeout 20 occlum run --sgx-mode $mode /bin/reader <gate >reader.out 3>&- &
        exec 9>gate
        until grep -q "the other runs" reader.out; do :; done
        echo "a line" >&9
        exec 9>&-
        wait $!
        [ "$(tail -n 1 reader.out)" = "read: a line" ]
    done
    rm gate reader.out
}

@test "EMU: a computing thread is preempted and loses nothing" {
    run --separate-stderr occlum run --sgx-mode EMU /bin/preempt
    [ "$status" -eq 0 ]
    [ "$output" = "$("$DIR/image/bin/preempt")" ]
}

@test "a storm of interrupts changes nothing, in SIM and EMU" {
    export OCCLUM_SIM_KICK_US
    for mode in SIM EMU; do
        for OCCLUM_SIM_KICK_US in 100 200; do
            run --separate-stderr occlum run --sgx-mode $mode /bin/preempt
            [ "$output" = "$("$DIR/image/bin/preempt")" ]
            run --separate-stderr occlum run --sgx-mode $mode /bin/busybox sha256sum /bin/busybox
            [ "${output%% *}" = "$(sha256sum <"$DIR/image/bin/busybox" | cut -d' ' -f1)" ]
        done
    done
}

@test "a thread pointer that is no address is refused as on Linux" {
    "$DIR/image/bin/crash" tls
    run --separate-stderr occlum run /bin/crash tls
    [ "$status" -eq 0 ]
}
