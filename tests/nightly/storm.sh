#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Interrupts every 20 microseconds, about half a million in each run: registers, flags, vector state,
# red zone and thread-local storage of computing threads are as on Linux, in SIM and EMU.
set -eu
cd "$(dirname "$0")/../.."
. tools/dev/lib.sh
build_release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
occlum=$TOP/build/bin/occlum
"$occlum" new "$work/i" >/dev/null
gcc-12 -static -O1 -pthread -o "$work/i/image/bin/preempt" tests/sys/thread_preempt.c
cd "$work/i"
"$occlum" build >/dev/null 2>&1
image/bin/preempt >expected
for mode in SIM EMU SIM EMU; do
    OCCLUM_SIM_KICK_US=20 "$occlum" run --sgx-mode $mode --stats /bin/preempt >got
    cmp expected got
done
