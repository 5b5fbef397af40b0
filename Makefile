# Targets: all demo test bench install uninstall golden layers format tidy coverage clean
# Variants: BUILD=debug|release|bench|san|cov   e.g. make BUILD=san test
# Modules in dependency order: a module may include itself and those to its left.
MODULES := common pricing scenarios solver sim report cli
BUILD   ?= release
OUT     := build/$(BUILD)
PROG    := $(OUT)/gpumix

CSTD    := -std=c11 -D_GNU_SOURCE
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla -Wundef -Wformat=2 -Wimplicit-fallthrough
OPT.debug   := -O0 -g3
OPT.release := -O2 -g -ffp-contract=off
OPT.bench   := -O2 -g -ffp-contract=off -DNDEBUG
OPT.san     := -O1 -g3 -ffp-contract=off -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT.cov     := -O0 -g3 --coverage
ALL_CFLAGS  = $(CSTD) $(WARN) $(OPT.$(BUILD)) -I. -I$(OUT) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(OPT.$(BUILD)) $(LDFLAGS)
LDLIBS     += -lglpk -lgsl -lgslcblas -lcsv -lyaml -ljansson -lutf8proc -lm

SRCS  := $(wildcard $(MODULES:%=%/*.c))
OBJS  := $(SRCS:%.c=$(OUT)/%.o)
LIB   := $(OUT)/libgpumix.a
CHECKED := $(wildcard $(MODULES:%=%/*.[ch]) tests/*/*.[ch])
TESTS := $(patsubst %.c,$(OUT)/%,$(wildcard tests/*/test_*.c))

all: $(PROG)

$(PROG): $(OUT)/cli/main.o $(LIB)
	$(CC) $(ALL_LDFLAGS) $^ $(LDLIBS) -o $@

$(LIB): $(filter-out $(OUT)/cli/main.o,$(OBJS))
	@rm -f $@
	$(AR) rcs $@ $^

$(OUT)/tests/%: $(OUT)/tests/%.o $(LIB)
	$(CC) $(ALL_LDFLAGS) $^ $(LDLIBS) -o $@

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

layers:
	tests/check_layers.sh $(MODULES)

clean:
	rm -rf build

.PHONY: all layers clean
.SECONDARY:
-include $(OBJS:.o=.d)
