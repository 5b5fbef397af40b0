#!/bin/sh
# Runs cases and compares what they print, byte for byte.
#   tests/run_golden.sh [--accept] PROGRAM [CASE_FOLDER...]      default: tests/golden/* tests/invalid/*
# A case is a folder with
#   args      arguments as the shell reads them, after the program's name; $case is the folder, $tmp an empty
#             folder of its own; may redirect, and may go on with further commands ("&& cat $tmp/x.json")
#   expected  standard output; then, if anything went there, a line "--- stderr" and standard error
#   status    exit status, absent when 0
# Cases run from the root of the tree, in a fixed environment. With --accept the expectation is rewritten: read its diff.
accept=no
[ "${1:-}" = --accept ] && { accept=yes; shift; }
prog=$1
shift
[ $# -gt 0 ] || set -- tests/golden/*/ tests/invalid/*/

tmp=$(mktemp -d) || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp" "$work"' EXIT
unset NO_COLOR GPUMIX_LANG LANGUAGE LC_ALL LC_MESSAGES
# 2026-11-22: ages of prices are counted to this day.
export LANG=C.UTF-8 TZ=UTC TERM=dumb COLUMNS=100 SOURCE_DATE_EPOCH=1795305600

failed=0
for case in "$@"; do
    case=${case%/}
    [ -f "$case/args" ] || continue
    rm -rf "${tmp:?}"/*
    (eval "$prog $(cat "$case/args")") >"$work/got" 2>"$work/err" </dev/null
    status=$?
    if [ -s "$work/err" ]; then
        echo '--- stderr' >>"$work/got"
        cat "$work/err" >>"$work/got"
    fi
    sed -i "s,$tmp,TMP,g" "$work/got"
    if [ $accept = yes ]; then
        cp "$work/got" "$case/expected"
        rm -f "$case/status"
        [ $status = 0 ] || echo $status >"$case/status"
        continue
    fi
    want=0
    [ -f "$case/status" ] && want=$(cat "$case/status")
    if [ "$status" != "$want" ]; then
        echo "$case: status $status, expected $want"
        failed=1
    fi
    diff -u "$case/expected" "$work/got" || { echo "$case: differs"; failed=1; }
done
exit $failed
