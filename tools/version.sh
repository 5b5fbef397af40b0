#!/bin/sh
# Prints the header with version, git id ("unknown" outside a git checkout) and the libraries built against.
#   tools/version.sh VERSION
from_checkout() { # without git, as in a container: the id that HEAD names
    head=$(cat .git/HEAD 2>/dev/null) || { echo unknown; return; }
    case $head in
    ref:*)
        name=${head#ref: }
        { cat ".git/$name" 2>/dev/null || sed -n "s,^\([0-9a-f]*\) $name\$,\1,p" .git/packed-refs 2>/dev/null || echo unknown; } | cut -c 1-12
        ;;
    *) echo "$head" | cut -c 1-12 ;;
    esac
}
id=$(git describe --always --dirty --abbrev=12 2>/dev/null) || id=$(from_checkout)

from_header() { # from_header HEADER WORDS: what the compiler makes of the words
    printf '#include <%s>\nVERSION_LINE %s\n' "$1" "$2" | ${CC:-cc} -E -P - 2>/dev/null |
        sed -n 's/^VERSION_LINE *//p' | tr -d ' '
}
from_package() { pkg-config --modversion "$1" 2>/dev/null || echo unknown; }

cat <<END
#define GPUMIX_VERSION "$1"
#define GPUMIX_GIT_ID "$id"
#define GPUMIX_LIBRARIES                                                                           \\
    "GLPK $(from_header glpk.h 'GLP_MAJOR_VERSION . GLP_MINOR_VERSION'), GSL $(from_package gsl), "                            \\
    "libcsv $(from_header csv.h 'CSV_MAJOR . CSV_MINOR . CSV_RELEASE'), libyaml $(from_package yaml-0.1), "                    \\
    "jansson $(from_package jansson)"
END
