#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Would the proof and the fuzzer notice? Each tests/proof/planted/N.sed puts one bug into a copy of
# the ELF planner; the proof has to raise an alarm, or the fuzzer's oracle has to find it within
# FUZZ_SECONDS (15) seconds. A bug that no longer applies to the source is a failure too.
set -eu
cd "$(dirname "$0")/../.."
. tests/proof/eva.sh
. tests/fuzz/lib/gate.sh

out=build/gate/planted
seconds=${FUZZ_SECONDS:-15}
rest="enclave/proc/elf/why.c base/span.c"

found_by_eva() {
    # A build of the analysis that fails is not a finding.
    # shellcheck disable=SC2086 # paths of ours, no blanks
    eva "planted-$1" tests/fuzz/elf_plan.c "$2" $rest || {
        tail -20 "$EVA_OUT/planted-$1.log" >&2
        echo "planted bug $1: the analysis did not come to an end" >&2
        exit 1
    }
    grep -q '^\[eva:alarm\]' "$EVA_OUT/planted-$1.log"
}

found_by_fuzz() {
    # shellcheck disable=SC2086 # paths of ours, no blanks
    fuzz_build "$out/$1/fuzzer" tests/fuzz/elf_plan.c "$2" $rest base/mem.c || exit 1
    if fuzz_run "$out/$1/fuzzer" "$out/$1/grown" tests/fuzz/corpus/elf_plan "$seconds" \
        >"$out/$1/fuzz.log" 2>&1; then
        return 1
    fi
    grep -qE '^oracle: |^==[0-9]+==ERROR: AddressSanitizer|runtime error: ' "$out/$1/fuzz.log"
}

fuzz_headers
rc=0
for script in tests/proof/planted/*.sed; do
    n=${script##*/}
    n=${n%.sed}
    copy=$out/$n/plan.c
    mkdir -p "$out/$n"
    sed -f "$script" enclave/proc/elf/plan.c >"$copy"
    if cmp -s "$copy" enclave/proc/elf/plan.c; then
        echo "planted bug $n: $script no longer applies to plan.c" >&2
        rc=1
        continue
    fi
    by=
    ! found_by_eva "$n" "$copy" || by=eva
    ! found_by_fuzz "$n" "$copy" || by="${by:+$by and }fuzz"
    if [ -n "$by" ]; then
        echo "planted bug $n: found by $by ($(sed -n '1s/^# //p' "$script"))"
    else
        echo "planted bug $n: NOT FOUND ($(sed -n '1s/^# //p' "$script"))" >&2
        rc=1
    fi
done
exit $rc
