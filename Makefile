# Targets: all demo test bench bench-solver install uninstall docs golden golden-accept layers format tidy coverage coverage-of-intervals races
#          nightly man deb dist clean
# Variants: BUILD=debug|release|bench|san|tsan|cov   e.g. make BUILD=san test
# Modules in dependency order: a module may include itself and those to its left.
MODULES := common pricing scenarios proof solver sim report cli
VERSION := 0.1.0
BUILD   ?= release
OUT     := build/$(BUILD)
PROG    := $(OUT)/gpumix
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)

CSTD    := -std=c11 -D_GNU_SOURCE
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla -Wundef -Wformat=2 -Wimplicit-fallthrough
OPT.debug   := -O0 -g3
OPT.release := -O3 -g -ffp-contract=off
OPT.bench   := -O3 -g -ffp-contract=off -DNDEBUG
OPT.san     := -O1 -g3 -ffp-contract=off -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# Data races: `make races` runs what works in parallel.
OPT.tsan    := -O1 -g3 -ffp-contract=off -fsanitize=thread -fno-omit-frame-pointer
OPT.cov     := -O0 -g3 -ffp-contract=off --coverage
$(if $(OPT.$(BUILD)),,$(error BUILD=$(BUILD) is unknown: use debug, release, bench, san, tsan or cov))
ALL_CFLAGS  = $(CSTD) $(WARN) $(OPT.$(BUILD)) -I. -I$(OUT) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(OPT.$(BUILD)) $(LDFLAGS)
LDLIBS     += -lglpk -lqsopt_ex -lgsl -lgslcblas -lcsv -lyaml -ljansson -lutf8proc -lmd -lgmp -lyajl -lxlsxwriter -lmicrohttpd -lm

SRCS  := $(wildcard $(MODULES:%=%/*.c))
OBJS  := $(SRCS:%.c=$(OUT)/%.o)
LIB   := $(OUT)/libgpumix.a
CHECKED := $(wildcard $(MODULES:%=%/*.[ch]) tests/*/*.[ch])
TESTS := $(patsubst %.c,$(OUT)/%,$(wildcard tests/*/test_*.c))
MESSAGES := $(patsubst po/%.po,$(OUT)/locale/%/LC_MESSAGES/gpumix.mo,$(wildcard po/*.po))

# Files carried inside the program: price tables, ready-made scenarios, style and scripts of the report page.
PRICE_TABLES := $(sort $(wildcard pricing/data/*.csv))
LIBRARY      := $(sort $(wildcard scenarios/library/*.yaml scenarios/library/*/*.csv))
# The charts of the page are bundled from npm packages (report/web/package-lock.json), once for all variants.
WEB          := build/web
WEB_FILES    := report/web/page.css report/web/page.js $(WEB)/charts.js
EMBEDDED     := $(OUT)/embedded/price_tables.o $(OUT)/embedded/library.o $(OUT)/embedded/web.o

all: $(PROG) $(MESSAGES)

# Outside the library, so that a new git id does not link every test anew.
MAIN := $(OUT)/cli/main.o $(OUT)/cli/about.o

$(PROG): $(MAIN) $(LIB)
	$(CC) $(ALL_LDFLAGS) $^ $(LDLIBS) -o $@

$(LIB): $(filter-out $(MAIN),$(OBJS)) $(EMBEDDED)
	@rm -f $@
	@$(AR) rcs $@ $^

$(OUT)/tests/%: $(OUT)/tests/%.o $(LIB)
	@$(CC) $(ALL_LDFLAGS) $^ $(LDLIBS) -o $@

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Each list changes its own stamp, so that a removed file is noticed as well as a changed one.
$(OUT)/embedded/price_tables.S: $(PRICE_TABLES) tools/embed.sh $(OUT)/embedded/price_tables.list
	tools/embed.sh price_table_files pricing/data $(PRICE_TABLES) > $@
$(OUT)/embedded/library.S: $(LIBRARY) tools/embed.sh $(OUT)/embedded/library.list
	tools/embed.sh library_files scenarios/library $(LIBRARY) > $@
$(OUT)/embedded/web.S: $(WEB_FILES) tools/embed.sh
	@mkdir -p $(@D)
	tools/embed.sh web_files - $(WEB_FILES) > $@
$(WEB)/charts.js: report/web/charts.js report/web/package.json report/web/package-lock.json tools/bundle.sh
	tools/bundle.sh report/web $@
$(OUT)/embedded/%.o: $(OUT)/embedded/%.S
	@$(CC) -c $< -o $@
$(OUT)/embedded/price_tables.list: ALWAYS
	@mkdir -p $(@D); echo '$(PRICE_TABLES)' | cmp -s - $@ || echo '$(PRICE_TABLES)' > $@
$(OUT)/embedded/library.list: ALWAYS
	@mkdir -p $(@D); echo '$(LIBRARY)' | cmp -s - $@ || echo '$(LIBRARY)' > $@

# Version and git id, rewritten only when they change.
$(OUT)/version.h: ALWAYS
	@mkdir -p $(@D); tools/version.sh $(VERSION) > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(OUT)/cli/about.o: $(OUT)/version.h

$(OUT)/locale/%/LC_MESSAGES/gpumix.mo: po/%.po
	@mkdir -p $(@D)
	msgfmt --check-format -o $@ $<

# What is missing is installed first; with nothing missing this takes a fraction of a second.
setup-build:
	@tools/setup.sh build
setup-test:
	@tools/setup.sh build test

demo: setup-build
	@$(MAKE) --no-print-directory --silent -j$(JOBS) all
	@$(PROG) demo

test: setup-test
	@$(MAKE) --no-print-directory --silent --keep-going -j$(JOBS) all programs && built=yes || built=no; \
	    BUILT=$$built tests/run_tests.sh $(OUT) $(MODULES)

programs: $(TESTS)

bench-solver: setup-test
	@$(MAKE) --no-print-directory --silent -j$(JOBS) BUILD=bench all
	@nice python3 tests/bench/bench.py build/bench/gpumix

bench: setup-test
	@$(MAKE) --no-print-directory --silent -j$(JOBS) BUILD=bench all
	@python3 tools/bench.py build/bench/gpumix scenarios/library/*.yaml

# Pages of docs/reference that the program writes itself, and figures of what it says (gnuplot, in the dev list).
docs: $(PROG)
	python3 tools/docs.py $(PROG)
	python3 tools/figures.py $(PROG)

golden: $(PROG)
	tests/run_golden.sh $(PROG)

golden-accept: $(PROG)
	tests/run_golden.sh --accept $(PROG)

layers:
	tests/check_layers.sh $(MODULES)

format:
	clang-format -i $(CHECKED)

tidy: $(OUT)/version.h
	clang-format --dry-run -Werror $(CHECKED)
	printf '%s\n' $(filter %.c,$(CHECKED)) | xargs -P $(JOBS) -n 4 sh -c \
	    'clang-tidy --quiet "$$@" -- $(CSTD) -I. -I$(OUT) $(CPPFLAGS)' tidy
	cppcheck --quiet --error-exitcode=1 --inline-suppr --suppress=varFuncNullUB --enable=warning,performance,portability -I. -I$(OUT) $(MODULES)

coverage:
	find build/cov -name '*.gcda' -delete 2>/dev/null || true
	$(MAKE) --no-print-directory BUILD=cov test
	gcovr --root . --object-directory build/cov --filter '($(subst $(eval ) ,|,$(MODULES)))/' \
	    --print-summary --fail-under-line 90

# 95 % intervals of means, quantiles and probabilities over 10,000 repeated experiments; `make test` repeats fewer.
coverage-of-intervals: $(OUT)/tests/sim/test_stats
	GPUMIX_COVERAGE=10000 $<

# Man pages and shell completions, written by the program from the tables that parse its command line.
COMMANDS := $(shell sed -n 's/^ *X(\([a-z]*\)).*/\1/p' cli/command_list.h)
MANUALS  := man1/gpumix.1 $(COMMANDS:%=man1/gpumix-%.1)
ZSH_DIR  ?= zsh/site-functions
SHELLS    = bash-completion/completions/gpumix=bash $(ZSH_DIR)/_gpumix=zsh fish/vendor_completions.d/gpumix.fish=fish

man: $(MANUALS:%=$(OUT)/man/%) $(MANUALS:%=$(OUT)/man/zh_CN/%)
$(OUT)/man/zh_CN/man1/%.1: $(PROG) $(MESSAGES)
	@mkdir -p $(@D)
	@$(PROG) --lang zh help $(patsubst gpumix-%,%,$(filter-out gpumix,$*)) --scdoc | scdoc > $@
$(OUT)/man/man1/%.1: $(PROG)
	@mkdir -p $(@D)
	@$(PROG) --lang en help $(patsubst gpumix-%,%,$(filter-out gpumix,$*)) --scdoc | scdoc > $@

# Data races in what works in parallel.
races: setup-test
	@$(MAKE) --no-print-directory --silent -j$(JOBS) BUILD=tsan all build/tsan/tests/laws/test_laws_luck
	RACES=1 GPUMIX=build/tsan/gpumix python3 tests/cli/test_threads.py
	TSAN_OPTIONS=exitcode=66 build/tsan/tests/laws/test_laws_luck

# Statistical oracles with four times the worlds of `make test`, intervals, races: a quarter of an hour.
ORACLES := $(patsubst %.c,$(OUT)/%,$(wildcard tests/sim/test_oracle_*.c) tests/sim/test_queue_loss.c tests/sim/test_rules.c)
# Seeds of random scenarios, of work and of services, whose brackets `make nightly` checks: 100,000 scenarios, in pieces that may be run
# apart (SEEDS="1 25000") and go on where they were stopped.
SEEDS ?= 1 50000
nightly: setup-test $(ORACLES) $(OUT)/tests/proof/test_random $(OUT)/tests/differential/test_other_solvers $(OUT)/tests/laws/test_laws_exact $(OUT)/tests/laws/test_laws_scale
	GPUMIX_PROBLEMS=100000 $(OUT)/tests/laws/test_laws_scale
	tests/nightly_seeds.sh $(OUT) $(SEEDS)
	GPUMIX_PROBLEMS=10000 $(OUT)/tests/differential/test_other_solvers || [ $$? -eq 77 ]
	GPUMIX_SEEDS=200001:203000 $(OUT)/tests/laws/test_laws_exact
	for test in $(ORACLES); do GPUMIX_ORACLES=4 ORACLE_VERBOSE=1 $$test || exit 1; done
	@$(MAKE) --no-print-directory coverage-of-intervals
	@$(MAKE) --no-print-directory races

install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/gpumix/scenarios $(DESTDIR)$(PREFIX)/share/doc/gpumix
	install -m 755 $(PROG) $(DESTDIR)$(PREFIX)/bin/gpumix
	for file in $(LIBRARY:scenarios/library/%=%); do \
	    install -D -m 644 scenarios/library/$$file $(DESTDIR)$(PREFIX)/share/gpumix/scenarios/$$file || exit 1; \
	done
	for file in $(MESSAGES:$(OUT)/%=%); do \
	    install -D -m 644 $(OUT)/$$file $(DESTDIR)$(PREFIX)/share/$$file || exit 1; \
	done
	for page in $(MANUALS) $(MANUALS:%=zh_CN/%); do \
	    install -D -m 644 $(OUT)/man/$$page $(DESTDIR)$(PREFIX)/share/man/$$page || exit 1; \
	done
	for pair in $(SHELLS); do \
	    mkdir -p $(DESTDIR)$(PREFIX)/share/$$(dirname $${pair%=*}) && \
	        $(PROG) completion $${pair#*=} > $(DESTDIR)$(PREFIX)/share/$${pair%=*} || exit 1; \
	done
	install -m 644 README.md README.zh-CN.md CHANGELOG.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/gpumix

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/gpumix $(patsubst po/%.po,$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/gpumix.mo,$(wildcard po/*.po)) \
	    $(foreach page,$(MANUALS) $(MANUALS:%=zh_CN/%),$(DESTDIR)$(PREFIX)/share/man/$(page)) \
	    $(foreach pair,$(SHELLS),$(DESTDIR)$(PREFIX)/share/$(firstword $(subst =, ,$(pair))))
	rm -rf $(DESTDIR)$(PREFIX)/share/gpumix $(DESTDIR)$(PREFIX)/share/doc/gpumix

# A Debian package of what `make install` installs: build/gpumix_VERSION_ARCHITECTURE.deb.
deb: setup-build
	@$(MAKE) --no-print-directory --silent -j$(JOBS) all man
	tools/deb.sh $(VERSION) build

dist:
	mkdir -p build
	git archive --format=tar.gz --prefix=gpumix-$(VERSION)/ -o build/gpumix-$(VERSION).tar.gz HEAD

clean:
	rm -rf build

ALWAYS:
.PHONY: all setup-build setup-test demo test programs bench bench-solver docs golden golden-accept layers format tidy coverage coverage-of-intervals \
        races nightly install uninstall man deb dist clean ALWAYS
.SECONDARY:
-include $(OBJS:.o=.d) $(TESTS:=.d)
