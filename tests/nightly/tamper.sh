#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Five thousand flipped bits over everything a build made: right bytes, EIO, or refused.
set -eu
cd "$(dirname "$0")/../.."
. tools/dev/lib.sh
build_release
python3 tests/e2e/tamper.py build/bin/occlum 5000
