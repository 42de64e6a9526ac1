#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes the ELF planner for FUZZ_SECONDS (20) from the committed seeds; then the inputs it found
# must reach at least 95 % of the planner's lines.
set -eu
cd "$(dirname "$0")/../.."
. tests/fuzz/lib/gate.sh

want=95
sources="tests/fuzz/elf_plan.c enclave/proc/elf/plan.c enclave/proc/elf/why.c base/span.c base/mem.c"

fuzz_headers
# shellcheck disable=SC2086 # paths of ours, no blanks
fuzz_build "$FUZZ_OUT/elf_plan" $sources
if ! fuzz_run "$FUZZ_OUT/elf_plan" "$FUZZ_OUT/elf_plan-grown" tests/fuzz/corpus/elf_plan \
    "${FUZZ_SECONDS:-20}" >"$FUZZ_OUT/elf_plan.log" 2>&1; then
    tail -40 "$FUZZ_OUT/elf_plan.log"
    echo "fuzz elf_plan: FAILED" >&2
    exit 1
fi
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$FUZZ_OUT/elf_plan.log")
# shellcheck disable=SC2086 # paths of ours, no blanks
lines=$(fuzz_coverage elf_plan enclave/proc/elf/plan.c tests/fuzz/corpus/elf_plan \
    "$FUZZ_OUT/elf_plan-grown" -- $sources)
echo "fuzz elf_plan: $runs runs, no finding; plan.c: $lines % of the lines (at least $want)"
if [ "${lines%.*}" -lt "$want" ]; then
    grep -E '^ +[0-9]+\| +0\|' "$FUZZ_OUT/elf_plan.cov.txt" | head -40
    echo "fuzz elf_plan: FAILED, too few lines are reached" >&2
    exit 1
fi
