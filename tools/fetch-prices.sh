#!/bin/sh
# Fetches prices, advice and stock with the vendor's command line (`aliyun`, set up with an account that may read them).
#   tools/fetch-prices.sh REGION FOLDER TYPE...
# Then: gpumix catalog import FOLDER/*.json --book book
set -eu
if [ $# -lt 3 ]; then
    sed -n '2,4s/^# //p' "$0" >&2
    exit 2
fi
region=$1 folder=$2
shift 2
start=$(date -u -d '-30 days' +%Y-%m-%dT%H:00:00Z)
mkdir -p "$folder"

# A file appears only when it is whole.
save() {
    "$@" > "$folder/.part" && mv "$folder/.part" "$target"
}

for type in "$@"; do
    offset=0 page=0
    while :; do
        target=$folder/history_${region}_${type}_$page.json
        save aliyun ecs DescribeSpotPriceHistory --RegionId "$region" --NetworkType vpc --InstanceType "$type" \
            --StartTime "$start" --Offset "$offset"
        next=$(sed -n 's/.*"NextOffset"[^0-9]*\([0-9]*\).*/\1/p' "$target" | head -n 1)
        grep -q '"SpotPrice"' "$target" && [ "${next:-0}" -gt "$offset" ] || break
        offset=$next page=$((page + 1))
    done
    target=$folder/advice_${region}_${type}.json
    save aliyun ecs DescribeSpotAdvice --RegionId "$region" --InstanceTypes.1 "$type"
    target=$folder/stock_${region}_${type}.json
    save aliyun ecs DescribeAvailableResource --RegionId "$region" --DestinationResource InstanceType --InstanceType "$type"
    for unit in Hour Month Year; do
        target=$folder/${region}_${type}_$unit.json
        save aliyun ecs DescribePrice --RegionId "$region" --ResourceType instance --InstanceType "$type" \
            --PriceUnit "$unit" --Period 1
    done
done
