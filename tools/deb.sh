#!/bin/sh
# Makes a Debian package of what `make install` installs.
#   tools/deb.sh VERSION FOLDER      writes FOLDER/gpumix_VERSION_ARCHITECTURE.deb
# dpkg-shlibdeps finds out which libraries the program needs, so that the list is never out of date.
set -eu
version=$1 folder=$2
cd "$(dirname "$0")/.."
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

make --no-print-directory --silent install DESTDIR="$root" PREFIX=/usr ZSH_DIR=zsh/vendor-completions
strip --strip-unneeded "$root/usr/bin/gpumix"
find "$root/usr/share/man" -name '*.1' -exec gzip -9n {} +
gzip -9n "$root/usr/share/doc/gpumix/CHANGELOG.md"
mv "$root/usr/share/doc/gpumix/CHANGELOG.md.gz" "$root/usr/share/doc/gpumix/changelog.gz"
rm "$root/usr/share/doc/gpumix/LICENSE"
cat >"$root/usr/share/doc/gpumix/copyright" <<'TEXT'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: gpumix

Files: *
Copyright: the authors of gpumix
License: GPL-3+
 gpumix is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as
 published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.
 .
 On Debian systems the text of the licence is in /usr/share/common-licenses/GPL-3.
TEXT

mkdir -p "$work/debian" "$root/DEBIAN"
printf 'Source: gpumix\n\nPackage: gpumix\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info root/usr/bin/gpumix 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$libraries" ] || { echo "deb: dpkg-shlibdeps found no libraries" >&2; exit 1; }
cat >"$root/DEBIAN/control" <<TEXT
Package: gpumix
Version: $version
Architecture: $architecture
Maintainer: the authors of gpumix <gpumix@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $libraries
Section: science
Priority: optional
Description: the cheapest way to run GPU work on Alibaba Cloud, proven
 gpumix finds which machines to buy, on which market, in which region, and when they run what, with a linear program; proves
 how far its plan is from the best possible one; and plays it against reclaims, prices and load. It works offline.
TEXT
(cd "$root" && find usr -type f -exec md5sum {} +) >"$root/DEBIAN/md5sums"
find "$root" -type d -exec chmod 755 {} +
mkdir -p "$folder"
dpkg-deb --root-owner-group --build "$root" "$folder/gpumix_${version}_$architecture.deb" >/dev/null
echo "$folder/gpumix_${version}_$architecture.deb"
