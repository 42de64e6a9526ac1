# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh
# Shared by the fuzz gates and the planted bugs (sourced in the top directory): one target against
# the few files it tests, without a build directory of the whole tree.
FUZZ_OUT=build/gate/fuzz
FUZZ_FLAGS="-std=gnu17 -g -O1 -DTWIN=1 -fno-strict-aliasing -I. -I$FUZZ_OUT"

# fuzz_headers: what meson would generate.
fuzz_headers() {
    mkdir -p "$FUZZ_OUT"
    python3 tools/gen/errno.py abi/linux/errno.def "$FUZZ_OUT/errno_gen.h"
}

# fuzz_build OUTPUT SOURCE...: the fuzzer, under ASan and UBSan.
fuzz_build() {
    fuzz_output=$1
    shift
    # shellcheck disable=SC2086 # flags are words
    clang-19 $FUZZ_FLAGS -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all "$@" \
        -o "$fuzz_output"
}

# fuzz_run FUZZER GROWN SEEDS SECONDS: from the committed seeds, always in the same way. What it
# finds beyond them is kept in GROWN, which begins empty.
fuzz_run() {
    rm -rf "$2"
    mkdir -p "$2"
    "$1" -seed=1 -max_len=2048 -max_total_time="$4" -timeout=5 -rss_limit_mb=2048 \
        -artifact_prefix="$2-crash-" -print_final_stats=1 "$2" "$3"
}

# fuzz_coverage NAME FILE INPUTS-DIR... -- SOURCE...: lines of FILE that the inputs reach, in percent
# with two digits behind the point.
fuzz_coverage() {
    cov_base=$FUZZ_OUT/$1.cov
    cov_file=$2
    shift 2
    cov_dirs=
    while [ "$1" != -- ]; do
        cov_dirs="$cov_dirs $1"
        shift
    done
    shift
    # shellcheck disable=SC2086 # flags are words
    clang-19 $FUZZ_FLAGS -DFUZZ_REPLAY -fprofile-instr-generate -fcoverage-mapping "$@" \
        -o "$cov_base"
    # shellcheck disable=SC2086 # directories of ours, no blanks
    find $cov_dirs -type f -print0 |
        LLVM_PROFILE_FILE="$cov_base.%p.profraw" xargs -0 "$cov_base" >"$cov_base.log"
    llvm-profdata-19 merge -o "$cov_base.profdata" "$cov_base".*.profraw
    rm -f "$cov_base".*.profraw
    llvm-cov-19 show "$cov_base" -instr-profile="$cov_base.profdata" "$cov_file" >"$cov_base.txt"
    llvm-cov-19 export -summary-only "$cov_base" -instr-profile="$cov_base.profdata" "$cov_file" |
        python3 -c 'import json, sys
print("%.2f" % json.load(sys.stdin)["data"][0]["totals"]["lines"]["percent"])'
}
