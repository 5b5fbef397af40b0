#!/bin/sh
# One test of run_tests.sh: `run_one.sh LOGS "KIND WHAT"` leaves LOGS/<name>.out and LOGS/<name>.result.
logs=$1
kind=${2%% *}
what=${2#* }
name=$(echo "$what" | tr '/' '-')
limit="timeout --kill-after=5 ${TEST_TIMEOUT:-600}"
case $kind in
layers) $limit tests/check_layers.sh $MODULES ;;
unit) $limit "$GPUMIX_OUT/$what" ;;
script)
    case $what in
    *.py) $limit python3 "$what" ;;
    *) $limit sh "$what" ;;
    esac
    ;;
case) $limit tests/run_golden.sh "$GPUMIX" "$what" ;;
esac >"$logs/$name.out" 2>&1
printf '%s\n%s\n' "$what" "$?" >"$logs/$name.result"
