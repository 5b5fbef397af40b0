#!/bin/sh
# Installs what is missing of the Debian packages listed in packages.txt.
#   tools/setup.sh SET...      SET is build, test or dev
# Does nothing, and asks for no rights, when everything is there.
set -eu
list=$(dirname "$0")/../packages.txt
wanted=
for set in "$@"; do
    wanted="$wanted
$(sed -n "s/^$set  *//p" "$list")"
done

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not a Debian system; the packages in packages.txt, or their like, must be there" >&2
    exit 0
fi

missing() {
    echo "$wanted" | while read -r package command; do
        [ -n "$package" ] || continue
        [ -z "$command" ] || ! command -v "$command" >/dev/null || continue
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf ' %s' "$package"
    done
}

packages=$(missing)
[ -n "$packages" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
    [ -t 0 ] || as_root='sudo -n'
else
    echo "setup: these packages are missing and there is neither root nor sudo to install them:" >&2
    echo "setup:  $packages" >&2
    echo "setup: let an administrator run: apt-get install$packages" >&2
    exit 1
fi

echo "setup: installing$packages" >&2
export DEBIAN_FRONTEND=noninteractive
install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
# Package lists may be absent or too old: read them anew only when installing fails without that.
if ! $install $packages >/dev/null 2>&1; then
    $as_root apt-get update -qq >&2 || true
    $install $packages >&2 || {
        echo "setup: apt-get could not install$packages" >&2
        echo "setup: run tools/setup.sh $* again when the network and the package sources work" >&2
        exit 1
    }
fi
packages=$(missing)
[ -z "$packages" ] || { echo "setup: still missing:$packages" >&2; exit 1; }
