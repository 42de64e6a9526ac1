#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Proof: for every head of 0 to 65,536 bytes, which is as much as the planner is ever given, every file
# size and every place, the ELF planner and the span functions it reads through have no run-time error:
# no access outside an object, no uninitialised value, no signed overflow, no bad shift or division.
# Frama-C's value analysis, nothing assumed. It does not prove what a plan means: the oracle of
# tests/fuzz/elf_plan.c says that.
set -eu
cd "$(dirname "$0")/../.."
. tests/proof/eva.sh

if ! command -v frama-c >/dev/null; then
    echo "proof elf: FAILED, there is no frama-c (package frama-c-base)" >&2
    exit 1
fi
began=$(date +%s)
eva elf tests/fuzz/elf_plan.c enclave/proc/elf/plan.c enclave/proc/elf/why.c base/span.c || {
    tail -30 "$EVA_OUT/elf.log"
    echo "proof elf: FAILED, the analysis did not come to an end" >&2
    exit 1
}
if ! eva_clean elf; then
    grep -A2 '^\[eva:alarm\]' "$EVA_OUT/elf.log" || tail -20 "$EVA_OUT/elf.log"
    echo "proof elf: FAILED" >&2
    exit 1
fi
functions=$(eva_reached elf enclave/proc/elf/plan.c)
echo "proof elf: 0 alarms in all $functions functions of plan.c, $(($(date +%s) - began)) s"
