#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The functions of an ELF file, "hex-address name", ascending: what names a crash of the LibOS.
set -eu
nm -n --defined-only "$1" | awk '$2 ~ /^[tT]$/ { sub(/^0+/, "", $1); print $1, $3 }'
