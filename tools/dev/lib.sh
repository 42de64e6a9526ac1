# SPDX-License-Identifier: BSD-3-Clause
# Shared by the verbs of ./dev (sourced, in the top directory): packages, build directories, and
# steps whose results are counted by tools/dev/tally.py.
TOP=$PWD
TALLY=${TALLY:-}

say() {
    printf '\n== %s\n' "$*"
}

# need_packages SET...: installs what is missing of tools/dev/packages.txt.
need_packages() {
    wanted=$(for set in "$@"; do
        awk -v set="$set" '$1 !~ /^#/ && $2 == set { print $1 }' tools/dev/packages.txt
    done)
    missing=$(for p in $wanted; do
        dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"
    done)
    [ -n "$missing" ] || return 0
    # One package a word from here on.
    # shellcheck disable=SC2086
    set -- $missing
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        echo "dev: packages are missing; run as root, then try again:" >&2
        echo "  apt-get update && apt-get install -y --no-install-recommends $*" >&2
        exit 3
    fi
    say "installing $*"
    # The lists may be empty or old: fetch them once, then again only if the install fails.
    ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || $as_root apt-get update
    apt_install "$@" || { $as_root apt-get update && apt_install "$@"; }
}

apt_install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# configure NAME COMPILER [MESON-OPTION...]: build/NAME, set up once. A directory that was moved or
# copied with its checkout names paths that are not ours, so it is made anew.
configure() {
    name=$1
    compiler=$2
    shift 2
    stamp=build/$name/.dev-configured
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$TOP $compiler $*" ]; then
        return 0
    fi
    rm -rf "build/$name"
    mkdir -p build
    CC=$compiler meson setup "build/$name" "$@" >"build/$name.setup.log" 2>&1 || {
        cat "build/$name.setup.log"
        return 1
    }
    echo "$TOP $compiler $*" >"$stamp"
}

# build_release: the product, in place: build/bin/occlum.
build_release() {
    release_built=
    configure release clang-19 && ninja --quiet -C build/release &&
        DESTDIR=$TOP/build meson install -C build/release --no-rebuild --quiet &&
        release_built=yes
}

# if_built COMMAND...: for gates that try the product; an old one must not stand in for it.
if_built() {
    [ -n "${release_built:-}" ] || {
        echo "not run: the release build failed"
        return 1
    }
    "$@"
}

# unit NAME COMPILER [MESON-OPTION...]: builds what the unit tests need, runs and counts them.
unit() {
    unit_name=$1
    configure "$@" && ninja --quiet -C "build/$unit_name" meson-test-prereq || return 1
    rc=0
    meson test -C "build/$unit_name" --no-rebuild --timeout-multiplier 4 --suite unit --print-errorlogs || rc=$?
    tally meson "$unit_name" "build/$unit_name" || rc=1
    return $rc
}

tally() {
    [ -z "$TALLY" ] || python3 tools/dev/tally.py "$TALLY" "$@"
}

# step NAME COMMAND...: runs one gate, says how long it took, and sees to it that it is counted.
step() {
    step_name=$1
    shift
    say "$step_name"
    began=$(date +%s)
    mark=$(wc -c <"$TALLY")
    rc=0
    "$@" || rc=$?
    tally gate "$step_name" "$rc" "$mark"
    echo "-- $step_name: exit $rc, $(($(date +%s) - began)) s"
}

# begin_tally: starts a count; inside a script that counts already, adds to that one's.
begin_tally() {
    outer_tally=$TALLY
    [ -n "$TALLY" ] || TALLY=$TOP/build/tally.$$
    export TALLY
    mkdir -p build
    [ -n "$outer_tally" ] || : >"$TALLY"
}

# end_tally: prints the sum as the last line; fails if anything failed.
end_tally() {
    rc=0
    python3 tools/dev/tally.py "$TALLY" sum || rc=1
    [ -n "$outer_tally" ] || rm -f "$TALLY"
    return $rc
}
