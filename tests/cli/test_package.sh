#!/bin/sh
# The Debian package installs, works, speaks Chinese, and leaves nothing behind when it is removed. Installed below a folder of its
# own, so that no rights are needed and nothing of the system is touched.
set -eu
for tool in dpkg-deb dpkg-shlibdeps scdoc; do
    command -v $tool >/dev/null || { echo "$tool is not here"; exit 77; }
done
[ "${GPUMIX_OUT:-build/release}" = build/release ] || { echo "packages are made of the release build only"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^VERSION := //p' Makefile)
file=$(tools/deb.sh "$version" "$work")
root=$work/root
mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info" "$root/var/log"
: >"$root/var/lib/dpkg/status"
package() {
    dpkg --root="$root" --force-not-root --force-depends --force-script-chrootless --log="$work/log" "$@" >"$work/said" 2>&1 || {
        cat "$work/said"
        exit 1
    }
}

package --install "$file"
for path in bin/gpumix share/man/man1/gpumix.1.gz share/man/man1/gpumix-plan.1.gz share/man/zh_CN/man1/gpumix-plan.1.gz \
    share/bash-completion/completions/gpumix share/zsh/vendor-completions/_gpumix share/fish/vendor_completions.d/gpumix.fish \
    share/locale/zh_CN/LC_MESSAGES/gpumix.mo share/doc/gpumix/copyright share/gpumix/scenarios/06-render-farm.yaml; do
    [ -s "$root/usr/$path" ] || { echo "the package lacks $path"; exit 1; }
done
"$root/usr/bin/gpumix" plan "$root/usr/share/gpumix/scenarios/09-etl-cpu.yaml" --quiet --format json >"$work/plan"
grep -q '"status": "optimal"' "$work/plan" || { echo "the installed program does not plan"; exit 1; }
touch "$root/usr/bin/locale" # a program of every system lies there
env -i "$root/usr/bin/gpumix" --lang zh help plan | grep -q '用法' || { echo "the installed program does not speak Chinese"; exit 1; }
rm "$root/usr/bin/locale"
package --remove gpumix
left=$(find "$root/usr" -type f 2>/dev/null || true)
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
echo "$(basename "$file") installs, plans and is removed"
