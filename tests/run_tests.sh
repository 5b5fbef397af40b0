#!/bin/sh
# Runs every test against the programs in OUT, in parallel, and counts:
#   unit      OUT/tests/<module>/test_*        one program, its exit status counts
#   case      tests/golden/*, tests/invalid/*  one folder, see run_golden.sh
#   script    tests/<module>/test_*.sh, *.py   exit 77: skipped, the last line says why
#   layers    the order of the modules
# The last line is "N passed, N failed", with ", N skipped" behind it when some were.
#   tests/run_tests.sh OUT MODULE...     BUILT=no counts as one failure: a program did not compile
set -u
out=$1
shift
logs=$out/testlog
rm -rf "$logs"
mkdir -p "$logs"
export GPUMIX="$out/gpumix" GPUMIX_OUT="$out" MODULES="$*"

{
    echo layers
    for source in tests/*/test_*.c; do
        [ -f "$source" ] && echo "unit ${source%.c}"
    done
    for script in tests/*/test_*.sh tests/*/test_*.py; do
        [ -f "$script" ] && echo "script $script"
    done
    for dir in tests/golden/*/ tests/invalid/*/; do
        [ -f "$dir/args" ] && echo "case ${dir%/}"
    done
} | xargs -P "$(nproc 2>/dev/null || echo 2)" -d '\n' -n 1 tests/run_one.sh "$logs"

passed=0 failed=0 skipped=0
for result in "$logs"/*.result; do
    name=$(head -n 1 "$result")
    case $(tail -n 1 "$result") in
    0) passed=$((passed + 1)) ;;
    77)
        skipped=$((skipped + 1))
        echo "skipped $name: $(tail -n 1 "${result%.result}.out")"
        ;;
    *)
        failed=$((failed + 1))
        echo "FAILED $name (status $(tail -n 1 "$result"))"
        sed 's/^/    /' "${result%.result}.out"
        ;;
    esac
done
if [ "${BUILT:-yes}" != yes ]; then
    failed=$((failed + 1))
    echo 'FAILED build: not everything compiled, see above'
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
