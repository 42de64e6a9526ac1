#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The command line: instances, builds, guards, and what is left behind when something goes wrong.
# No program is run inside here. `occlum` is taken from PATH.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    unset SGX_MODE ENABLE_EDMM SOURCE_DATE_EPOCH
}

# An instance in ./i, which becomes the current directory.
instance() {
    occlum new i >/dev/null
    cd i || return
}

# $1 names in one line what this machine lacks for HW mode.
refuses_hw() {
    case $1 in
    *"
"*) return 1 ;;
    *"Error: SGX mode HW: this CPU has no SGX, "*"use --sgx-mode SIM or EMU") return 0 ;;
    *"Error: SGX mode HW: /dev/sgx_enclave is not there"*"use --sgx-mode SIM or EMU") return 0 ;;
    *) return 1 ;;
    esac
}

# An instance that is built, with its MRENCLAVE in $before.
built() {
    instance
    occlum build >/dev/null 2>&1
    before=$(occlum print mrenclave)
}

# A fact that must hold although `run` and `[[` are easy to write past in a test: fails loudly.
expect() {
    "$@" || {
        echo "not so: $*"
        echo "status ${status:-}: ${output:-}"
        return 1
    }
}

contains() {
    case $1 in
    *"$2"*) return 0 ;;
    esac
    return 1
}

no_leftovers() {
    run compgen -G 'build.tmp.*'
    [ "$status" -ne 0 ]
}

# --- instances ---

@test "new makes a whole instance" {
    run occlum new i
    expect [ "$status" -eq 0 ]
    expect [ "$output" = "$PWD/i initialized as an Occlum instance" ]
    for d in bin sbin lib lib64 root host tmp dev proc etc opt/occlum/glibc/{lib,etc}; do
        expect [ -d "i/image/$d" ]
    done
    for f in passwd group hosts hostname localtime; do
        expect [ -s "i/image/etc/$f" ]
    done
    expect [ "$(stat -c %a i/image/tmp)" = 1777 ]
    expect [ "$(stat -c %a i/Occlum.json)" = 644 ]
    expect [ "$(stat -c %a i/enclave-key.pem)" = 600 ]
    expect [ "$(cat i/.__occlum_status)" = initialized ]
}

@test "init makes the current directory an instance" {
    run occlum init
    expect [ "$status" -eq 0 ]
    expect [ "$output" = "$PWD initialized as an Occlum instance" ]
    run occlum status
    expect [ "$output" = initialized ]
}

@test "the umask does not change the modes of an image" {
    (umask 077 && occlum new i >/dev/null)
    expect [ "$(stat -c %a i/image/bin)" = 755 ]
    expect [ "$(stat -c %a i/image/etc/passwd)" = 644 ]
}

@test "every project gets a signing key of its own" {
    occlum new a >/dev/null
    occlum new b >/dev/null
    run cmp -s a/enclave-key.pem b/enclave-key.pem
    expect [ "$status" -ne 0 ]
}

@test "init refuses an instance and leaves it alone" {
    instance
    cp enclave-key.pem ../key
    run --separate-stderr occlum init
    expect [ "$status" -eq 1 ]
    expect [ "$output" = "Error: the current working directory has been initialized as an Occlum instance" ]
    expect cmp enclave-key.pem ../key
}

@test "init keeps a configuration that is already there" {
    echo '{}' >Occlum.json
    occlum init
    expect [ "$(cat Occlum.json)" = '{}' ]
}

@test "init that fails leaves nothing behind" {
    touch image
    run occlum init
    expect [ "$status" -eq 1 ]
    expect [ "$(ls -A)" = image ]
}

@test "new that fails leaves no directory" {
    run occlum new no/such/parent
    expect [ "$status" -eq 1 ]
    # A limit on file size stands for a full disk: the first file cannot be written.
    run sh -c "trap '' XFSZ; ulimit -f 0; occlum new i"
    expect [ "$status" -eq 1 ]
    expect [ ! -e i ]
}

@test "new refuses what exists, and wants a path" {
    mkdir i
    run --separate-stderr occlum new i
    expect [ "$status" -eq 1 ]
    expect [ "$output" = 'Error: destination "i" already exists' ]
    expect [ -z "$(ls -A i)" ]
    run --separate-stderr occlum new
    expect [ "$status" -eq 1 ]
    expect [ "$output" = "Error: target directory is not set" ]
}

# --- guards, on standard output as in the original ---

@test "outside an instance every verb says so" {
    for verb in build status "run /bin/x" "print mrenclave"; do
        # shellcheck disable=SC2086
        run --separate-stderr occlum $verb
        expect [ "$status" -eq 1 ]
        expect [ "$output" = 'Error: the current working directory is not initialized as an Occlum instance. Need to run "occlum init" first.' ]
    done
}

@test "run before build says so" {
    instance
    run --separate-stderr occlum run /bin/x
    expect [ "$status" -eq 1 ]
    expect [ "$output" = 'Error: the Occlum image and enclave are not built yet. Need to run "occlum build" first.' ]
}

@test "print before build says so" {
    instance
    run occlum print mrenclave
    expect [ "$status" -eq 1 ]
    expect [ "$output" = "No build/enclave.signed existed" ]
    run occlum print nonsense
    expect [ "$status" -eq 1 ]
    expect contains "$output" "No valid info name provided"
}

@test "run without a program says how it is used" {
    built
    run occlum run
    expect [ "$status" -eq 1 ]
    expect contains "$output" "[ERROR] occlum-run: at least one argument must be provided"
}

# --- command lines ---

@test "no sub-command is an error with the usage" {
    run occlum
    expect [ "$status" -eq 1 ]
    expect contains "$output" "Error: no sub-command is given"
    expect contains "$output" "usage: occlum"
}

@test "an unknown sub-command is an error that names the nearest one" {
    run occlum biuld
    expect [ "$status" -eq 1 ]
    expect contains "$output" "Error: unknown sub-command biuld"
    expect contains "$output" 'Did you mean "build"?'
    expect contains "$output" "usage: occlum"
}

@test "an unknown option ends every verb at once" {
    built
    for verb in new init build run print status; do
        run timeout 20 occlum "$verb" --no-such-option
        expect [ "$status" -eq 1 ]
        expect contains "$output" "Unknown option: --no-such-option"
    done
    run occlum build --sign-kye x
    expect contains "$output" "Unknown option: --sign-kye; did you mean --sign-key?"
    run occlum build --sign-key
    expect [ "$status" -eq 1 ]
    expect contains "$output" "option --sign-key needs a value"
    run occlum build surplus
    expect [ "$status" -eq 1 ]
}

@test "help, version and what is not there yet" {
    for verb in new init build run print status start exec stop package gdb mount gen-image-key; do
        run occlum help "$verb"
        expect [ "$status" -eq 0 ]
        expect contains "$output" "usage: occlum $verb"
        run occlum "$verb" --help
        expect [ "$status" -eq 0 ]
    done
    for verb in start exec stop package gdb mount gen-image-key; do
        run occlum "$verb" x
        expect [ "$status" -eq 1 ]
        expect [ "$output" = "Error: \"occlum $verb\" is not in this version yet" ]
    done
    run occlum --help
    expect [ "$status" -eq 0 ]
    run occlum --version
    expect [ "$status" -eq 0 ]
    expect contains "$output" "occlum "
}

@test "every option of the help is known to its verb" {
    built
    for verb in new init build run; do
        for option in $(occlum help "$verb" | grep -o -- '^  .*--[a-z-]*' | grep -o -- '-[-a-z]*'); do
            run timeout 20 occlum "$verb" "$option" no-such-thing surplus
            # 127: an option of `run` without a value, and no such program
            expect [ "$status" -eq 1 -o "$status" -eq 127 ]
            if contains "$output" "Unknown option: $option"; then
                echo "$verb $option"
                return 1
            fi
        done
    done
}

# --- build ---

@test "build makes an enclave and says who it is" {
    instance
    run --separate-stderr occlum build
    expect [ "$status" -eq 0 ]
    expect contains "$output" "Enclave sign-key: ./enclave-key.pem"
    expect contains "$output" "SGX mode: "
    expect contains "$output" "Building new image..."
    expect contains "$output" "Built the Occlum image and enclave successfully"
    expect contains "$output" "MRENCLAVE: $(occlum print mrenclave)"
    expect [ -s build/enclave.signed ]
    expect [ -s build/rootfs.img ]
    expect [ -L build/bin/occlum-run ]
    run occlum status
    expect [ "$output" = built ]
    expect no_leftovers
}

@test "the same input gives the same bytes, wherever it lies" {
    built
    sha256sum build/enclave.signed build/rootfs.img >../sums
    cd .. || return
    cp -a i j
    cd j || return
    occlum build --sgx-mode SIM -f >/dev/null 2>&1
    expect sha256sum --quiet -c ../sums
}

@test "a change of image or configuration changes MRENCLAVE and not MRSIGNER" {
    built
    signer=$(occlum print mrsigner)
    echo x >image/root/x
    occlum build >/dev/null 2>&1
    with_x=$(occlum print mrenclave)
    expect [ "$before" != "$with_x" ]
    sed -i 's/"default_mmap_size": "100MB"/"default_mmap_size": "104MB"/' Occlum.json
    occlum build >/dev/null 2>&1
    expect [ "$(occlum print mrenclave)" != "$with_x" ]
    expect [ "$(occlum print mrsigner)" = "$signer" ]
}

@test "a way of writing that means the same does not change MRENCLAVE" {
    built
    python3 -c 'import json; c = json.load(open("Occlum.json"))
c["process"]["default_stack_size"] = "4096 KB"
json.dump(dict(reversed(c.items())), open("Occlum.json", "w"))'
    occlum build >/dev/null 2>&1
    expect [ "$(occlum print mrenclave)" = "$before" ]
}

@test "a missing key is named, and how to make one that fits" {
    built
    mv enclave-key.pem kept
    run --separate-stderr occlum build
    expect [ "$status" -eq 1 ]
    expect contains "$stderr" "openssl genrsa -3 -out ./enclave-key.pem 3072"
    openssl genrsa -3 -out enclave-key.pem 3072 2>/dev/null
    occlum build >/dev/null 2>&1
}

@test "a long text in a message is cut" {
    built
    long=$(printf '%05000d' 7)
    sed -i "s/\"OCCLUM=yes\"/\"A=1\", \"A=$long\"/" Occlum.json
    run --separate-stderr occlum build
    expect [ "$status" -eq 1 ]
    expect contains "$stderr" '... in env.default is given twice'
    expect [ "${#stderr}" -lt 300 ]
}

@test "another key is another signer of the same enclave" {
    built
    signer=$(occlum print mrsigner)
    (cd .. && occlum new other >/dev/null)
    occlum build --sign-key=../other/enclave-key.pem >/dev/null 2>&1
    expect [ "$(occlum print mrsigner)" != "$signer" ]
    expect [ "$(occlum print mrenclave)" = "$before" ]
}

@test "a key that is not there, or not a key, is refused" {
    built
    run --separate-stderr occlum build --sign-key no/such.pem
    expect [ "$status" -eq 1 ]
    # shellcheck disable=SC2154
    expect [ "$stderr" = "Error: invalid signing key path: no/such.pem" ]
    run occlum build --sign-key Occlum.json
    expect [ "$status" -eq 1 ]
    expect [ "$(occlum print mrenclave)" = "$before" ]
    expect no_leftovers
}

@test "a published key is refused" {
    built
    run occlum build --sign-key "$BATS_TEST_DIRNAME/../vectors/sigstruct/sig1.key.pem"
    expect [ "$status" -eq 1 ]
    expect contains "$output" "anybody has it"
    expect [ "$(occlum print mrenclave)" = "$before" ]
}

@test "an enclave file that was changed has no identity" {
    built
    printf x | dd of=build/enclave.signed bs=1 seek=9000 conv=notrunc status=none
    run occlum print mrenclave
    expect [ "$status" -eq 1 ]
    expect contains "$output" "the enclave's measurement is not the signed one"
}

@test "a fault of Occlum.json is named with its place, and the old build stays" {
    built
    sed -i 's/"user_space_size"/"user_space_sise"/' Occlum.json
    run --separate-stderr occlum build
    expect [ "$status" -eq 1 ]
    expect [ "$stderr" = 'Occlum.json:5:9: unknown key "user_space_sise" in resource_limits; did you mean "user_space_size"?' ]
    expect [ "$(occlum print mrenclave)" = "$before" ]
    expect no_leftovers
}

@test "what is accepted but not served is said at each build" {
    instance
    run --separate-stderr occlum build
    expect contains "$stderr" "Occlum.json:67:9: warning: hostfs is not served in this version"
}

@test "a build never touches run/" {
    built
    mkdir -p run/mount/__ROOT
    echo precious >run/mount/__ROOT/data
    occlum build -f >/dev/null 2>&1
    expect [ "$(cat run/mount/__ROOT/data)" = precious ]
}

@test "a full disk leaves the old build, and the next build works" {
    built
    head -c 300000 /dev/urandom >image/root/big
    # A limit on file size (in KiB) stands for the full disk.
    run bash -c "trap '' XFSZ; ulimit -f 100; occlum build"
    expect [ "$status" -eq 1 ]
    expect contains "$output" "Error: "
    expect [ "$(occlum print mrenclave)" = "$before" ]
    expect no_leftovers
    occlum build >/dev/null 2>&1
    expect [ "$(occlum print mrenclave)" != "$before" ]
}

@test "a build killed at any moment leaves a whole build" {
    built
    head -c 2000000 /dev/urandom >image/root/big
    for ms in 005 010 020 030 040 060 080 100 150 200; do
        timeout -s KILL 0.$ms occlum build >/dev/null 2>&1 || true
        now=$(occlum print mrenclave)
        expect [ ${#now} -eq 64 ]
        expect [ -s build/rootfs.img ]
    done
    occlum build >/dev/null 2>&1
    expect [ "$(occlum print mrenclave)" != "$before" ]
    expect no_leftovers
}

@test "leftovers of a dead build are cleared away" {
    built
    mkdir -p build.tmp.999999/deep
    echo x >build.tmp.999999/deep/file
    occlum build >/dev/null 2>&1
    expect no_leftovers
}

@test "an exchange that a crash cut in two is undone by the next build" {
    built
    mv build build.tmp.old
    run bash -c "trap '' XFSZ; ulimit -f 1; occlum build"
    expect [ "$status" -eq 1 ]
    expect [ "$(occlum print mrenclave)" = "$before" ]
    expect no_leftovers
}

@test "a file system without exchange gets two renames" {
    built
    cc=$(command -v clang-19 || command -v gcc-12) || skip "no compiler"
    echo '#include <errno.h>
int renameat2(int a, const char *b, int c, const char *d, unsigned e);
int renameat2(int a, const char *b, int c, const char *d, unsigned e)
{ (void)a, (void)b, (void)c, (void)d, (void)e; errno = EINVAL; return -1; }' >../no_exchange.c
    "$cc" -shared -fPIC -o ../no_exchange.so ../no_exchange.c
    echo x >image/root/x
    LD_PRELOAD=../no_exchange.so occlum build >/dev/null 2>&1
    expect [ "$(occlum print mrenclave)" != "$before" ]
    expect no_leftovers
}

@test "one build at a time" {
    built
    run --separate-stderr flock -n . occlum build
    expect [ "$status" -eq 1 ]
    expect [ "$stderr" = 'Error: another "occlum build" is at work in this instance' ]
}

@test "an ordinary user can do all of it" {
    [ "$(id -u)" -eq 0 ] || skip "already an ordinary user"
    mkdir home
    chown 65534:65534 home
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" || true
    cd home || return
    as_user() {
        setpriv --reuid=65534 --regid=65534 --clear-groups env -u HOME "$@"
    }
    as_user test -w . || skip "the test directory cannot be reached"
    as_user test -x "$(command -v occlum)" || skip "the build cannot be reached"
    as_user occlum new i
    cd i || return
    as_user occlum build
    run as_user occlum status
    expect [ "$output" = built ]
}

# --- run and status ---

# Holds the lock of a run on the current directory while "$@" runs.
while_running() {
    python3 -c '
import fcntl, os, struct, subprocess, sys
fd = os.open(".", os.O_RDONLY)
lock = struct.pack("hhqqi", fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0)
fcntl.fcntl(fd, getattr(fcntl, "F_OFD_SETLK", 37), lock)
sys.exit(subprocess.run(sys.argv[1:]).returncode)' "$@"
}

@test "status says running while a run lives, and no longer" {
    built
    run while_running occlum status
    expect [ "$output" = running ]
    run while_running python3 -c 'import os; os.kill(os.getppid(), 9)'
    run occlum status
    expect [ "$output" = built ]
}

@test "a build may happen while a program runs" {
    built
    run while_running occlum build
    expect [ "$status" -eq 0 ]
}

@test "a mode that is not there is refused in one line" {
    built
    if [ ! -e /dev/sgx_enclave ]; then
        run occlum run --sgx-mode HW /bin/x
        expect [ "$status" -eq 1 ]
        expect refuses_hw "$output"
    fi
    run occlum run --sgx-mode HYPER /bin/x
    expect [ "$status" -eq 1 ]
    expect contains "$output" "HYPER mode is not supported"
    run env SGX_MODE=sim occlum run /bin/x
    expect [ "$status" -eq 1 ]
    expect contains "$output" 'unknown SGX mode "sim"'
}

@test "run uses the mode of the build unless told otherwise" {
    instance
    occlum build --sgx-mode HW >/dev/null 2>&1
    run occlum run /bin/x
    if [ ! -e /dev/sgx_enclave ]; then expect refuses_hw "$output"; fi
    SGX_MODE=HYPER run occlum run /bin/x
    expect contains "$output" "HYPER mode is not supported"
}

@test "encrypted images are refused, not left unencrypted" {
    built
    run occlum build --image-key Occlum.json
    expect [ "$status" -eq 1 ]
    expect contains "$output" "not in this version yet"
    expect [ "$(occlum print mrenclave)" = "$before" ]
}
