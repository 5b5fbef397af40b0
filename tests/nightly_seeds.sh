#!/bin/sh
# Random scenarios of `make nightly`: 1,000 seeds of work and as many of services at a time, by OUT/tests/proof/test_random.
#   tests/nightly_seeds.sh OUT FROM TO
# May be stopped at any time and run in parts on several machines: what a piece said is kept in OUT/nightly, under the checksum of the
# program, and not done again by the same program. A piece that fails does not end the run; the last line counts.
set -u
out=$1 from=$2 to=$3
program=$out/tests/proof/test_random
kept=$out/nightly/$(sha256sum "$program" | cut -c 1-12)
mkdir -p "$kept" || exit 1
done=0 failed=0
while [ "$from" -le "$to" ]; do
    last=$((from + 999))
    [ $last -le "$to" ] || last=$to
    piece=$kept/$from-$last
    if [ ! -f "$piece" ]; then
        GPUMIX_SEEDS=$from:$last "$program" >"$piece.part" 2>&1
        echo "status $?" >>"$piece.part"
        mv "$piece.part" "$piece"
    fi
    done=$((done + last - from + 1))
    if ! grep -q '^status 0$' "$piece"; then
        failed=$((failed + 1))
        echo "seeds $from to $last:"
        grep -v ', proven ' "$piece"
    fi
    from=$((last + 1))
done
echo "$done seeds of work and of services, $failed pieces failed"
[ "$failed" -eq 0 ]
