#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes the EROFS reader for FUZZ_SECONDS (20) from the committed seeds; then the inputs it found
# must reach at least 80 % of the lines of enclave/fs/image (the rest needs a hash tree).
set -eu
cd "$(dirname "$0")/../.."
. tests/fuzz/lib/gate.sh

want=${FUZZ_WANT:-80}
room=enclave/fs/image
sources="-msse4.1 -msha tests/fuzz/image.c enclave/crypto/hash.c $room/block.c $room/slots.c $room/erofs.c $room/inode.c
    $room/map.c $room/file.c $room/dir.c $(ls base/*.c | tr '\n' ' ')"

fuzz_headers
# shellcheck disable=SC2086 # paths of ours, no blanks
fuzz_build "$FUZZ_OUT/image" $sources
rm -rf "$FUZZ_OUT/image-grown"
mkdir -p "$FUZZ_OUT/image-grown"
if ! "$FUZZ_OUT/image" -seed=1 -max_len=32768 -max_total_time="${FUZZ_SECONDS:-20}" -timeout=5 \
    -rss_limit_mb=2048 -artifact_prefix="$FUZZ_OUT/image-crash-" -print_final_stats=1 \
    "$FUZZ_OUT/image-grown" tests/fuzz/corpus/image >"$FUZZ_OUT/image.log" 2>&1; then
    tail -40 "$FUZZ_OUT/image.log"
    echo "fuzz image: FAILED" >&2
    exit 1
fi
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$FUZZ_OUT/image.log")
# shellcheck disable=SC2086 # paths of ours, no blanks
lines=$(fuzz_coverage image $room tests/fuzz/corpus/image "$FUZZ_OUT/image-grown" -- $sources)
echo "fuzz image: $runs runs, no finding; $room: $lines % of the lines (at least $want)"
if [ "${lines%.*}" -lt "$want" ]; then
    grep -E '^ +[0-9]+\| +0\|' "$FUZZ_OUT/image.cov.txt" | head -60
    echo "fuzz image: FAILED, too few lines are reached" >&2
    exit 1
fi
