#!/bin/sh
# Bundles the charts of the report page into one file, with the packages of the lock file.
#   tools/bundle.sh SOURCES CHARTS.js
# Without npm, or where its packages cannot be fetched, the file is left empty, which is said here and again in every page: its
# tables hold every number. The next `make` tries again. GPUMIX_CHARTS=no leaves charts out without trying, =yes insists on them.
set -eu
sources=$1
target=$2
folder=$(dirname "$target")
mkdir -p "$folder"
exec 9> "$folder/.lock"
! command -v flock >/dev/null || flock 9 # several variants may be built at the same time

without() {
    [ "${GPUMIX_CHARTS:-}" != yes ] || { echo "bundle: $1" >&2; exit 1; }
    echo "bundle: $1" >&2
    echo "bundle: the report page is built WITHOUT CHARTS; it has its tables. Install node and npm (tools/setup.sh build) and run make again" >&2
    : > "$target"
    touch -d 2000-01-01 "$target" # older than its sources: tried again
    exit 0
}

[ "${GPUMIX_CHARTS:-}" != no ] || without "charts are left out as GPUMIX_CHARTS=no asks"
command -v node >/dev/null || without "node is not installed"
command -v npm >/dev/null || without "npm is not installed"

# Fetched anew only when the lock file changes.
if ! cmp -s "$sources/package-lock.json" "$folder/installed.json"; then
    cp "$sources/package.json" "$sources/package-lock.json" "$folder"
    npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=30000 >&2 || without "npm could not fetch the packages of $sources/package-lock.json"
    cp "$folder/package-lock.json" "$folder/installed.json"
fi
NODE_PATH="$folder/node_modules" "$folder/node_modules/.bin/esbuild" "$sources/charts.js" --bundle --minify --format=iife \
    --target=es2020 --charset=utf8 --legal-comments=eof --log-level=warning --outfile="$target.new" || without "esbuild failed"
mv "$target.new" "$target"
