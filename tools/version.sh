#!/bin/sh
# Prints the header with version and git id; "unknown" outside a git checkout.
id=$(git describe --always --dirty --abbrev=12 2>/dev/null) || id=unknown
cat <<END
#define GPUMIX_VERSION "$1"
#define GPUMIX_GIT_ID "$id"
END
