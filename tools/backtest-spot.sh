#!/bin/sh
# Backtests of the spot models on public data: prints the tables of docs/spot-models.md.
#   tools/backtest-spot.sh PROGRAM DATA_FOLDER      the folder has spot_price, spot_lifetimes, spot_availability, spot_multinode
# Without the data it says so and ends with status 77.
prog=$1
data=$2
[ -d "$data/spot_price" ] || { echo "SKIP: no public data in $data"; exit 77; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# On-demand prices of the types, us-east-1, Linux, per hour: the price at which there is no spot stock.
on_demand() {
    case $1 in
    p2.xlarge) echo 0.90 ;;
    p2.8xlarge) echo 7.20 ;;
    p2.16xlarge) echo 14.40 ;;
    p3.2xlarge) echo 3.06 ;;
    p3.8xlarge) echo 12.24 ;;
    p3.16xlarge) echo 24.48 ;;
    esac
}

# zone,timestamp,usd_per_hour -> the form of history.csv
echo instance_type,zone,time,spot,on_demand,currency >"$tmp/prices.csv"
for file in "$data"/spot_price/aws_us-east-1_*.csv; do
    type=${file##*_}
    type=${type%.csv}
    awk -F, -v t="$type" -v o="$(on_demand "$type")" \
        'NR > 1 { sub(/\r$/, ""); print t "," $1 "," $2 "," $3 "," o ",USD" }' "$file" >>"$tmp/prices.csv"
done

backtest() {
    title=$1
    shift
    printf '\n### %s\n\n' "$title"
    "$prog" catalog fit "$@" --backtest --format md
}
backtest "Prices" "$tmp/prices.csv"
for file in "$data"/spot_lifetimes/*.csv; do
    backtest "Lives: $(basename "$file" .csv)" "$file"
done
for file in "$data"/spot_availability/aws-*.csv; do
    backtest "Availability: $(basename "$file" .csv)" "$file" --tick 10min
done
for file in "$data"/spot_multinode/*.csv; do
    backtest "Machines under watch: $(basename "$file" .csv)" "$file"
done
