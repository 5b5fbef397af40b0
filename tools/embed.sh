#!/bin/sh
# Writes an assembler file that carries the given files inside the program.
#   tools/embed.sh SYMBOL PREFIX FILE... > out.S
# SYMBOL becomes an array of { const char *name; const char *text; size_t bytes; }, closed by an
# entry of zeros. A name is the file's path without PREFIX/, for PREFIX - its last part; a text ends with a NUL that is not counted.
set -eu
symbol=$1
prefix=$2
shift 2

n=0
echo '    .section .rodata'
for file in "$@"; do
    if [ "$prefix" = - ]; then name=${file##*/}; else name=${file#"$prefix"/}; fi
    cat <<END
.Lname$n:
    .asciz "$name"
.Ltext$n:
    .incbin "$file"
.Lend$n:
    .byte 0
END
    n=$((n + 1))
done

cat <<END
    .section .data.rel.ro, "aw"
    .globl $symbol
    .type $symbol, %object
    .balign 8
$symbol:
END
i=0
while [ "$i" -lt "$n" ]; do
    echo "    .quad .Lname$i, .Ltext$i, .Lend$i - .Ltext$i"
    i=$((i + 1))
done
cat <<END
    .quad 0, 0, 0
    .size $symbol, . - $symbol
    .section .note.GNU-stack, "", %progbits
END
