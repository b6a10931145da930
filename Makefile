# The doors of the house; `make` alone lists them. What each needs is built or installed first, and only when it changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export CGO_ENABLED := 0
# The program and its tests are made of the same compiled packages: with other flags each would be compiled again.
export GOFLAGS := $(sort $(shell go env GOFLAGS 2>/dev/null) -trimpath)

BIN  := bin/huiyin
ARGS ?= --demo --data $(CURDIR)/data
DATA ?= ../shared/data

DURATION ?= 2h

# A folder of pages takes part as soon as it has a package.json.
PAGES := $(patsubst %/package.json,%,$(wildcard admin/console/package.json channels/webchat/widget/package.json channels/simulator/page/package.json))
E2E   := $(patsubst %/package.json,%,$(wildcard e2e/package.json))
BUILT := $(addsuffix /dist/.built,$(PAGES))
NODE  := node_modules/.installed

# What type checks read: they run again when one of these has changed.
TYPED := $(shell find $(PAGES) $(E2E) -type f \( -name '*.ts' -o -name '*.vue' -o -name '*.json' -o -name '*.mjs' \) -not -path '*/node_modules/*' -not -path '*/dist/*')

# The packages whose tests wait longest begin first; then the rest.
SLOW := ./cmd/huiyin ./hub ./admin ./handoff/slack ./conversation ./handoff ./handoff/wecom

# Separates the commands that a $(foreach) writes into a recipe.
define newline


endef

.PHONY: help run build test go-test page-test page-check e2e lint fmt generate bench eval faults soak scale scale-costs

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: build ## build, then serve the demo (ARGS="--listen …" for flags of your own)
	$(BIN) serve $(ARGS)

build: $(BUILT) ## bin/huiyin, one static file with console and widget inside
	go build -ldflags "-s -w" -o $(BIN) ./cmd/huiyin

test: ## every test: Go on SQLite and PostgreSQL, pages, browser; installs what is missing where it may
	$(if $(HUIYIN_TEST_POSTGRES),,scripts/ensure-postgres >/dev/null)
	scripts/ensure-mail >/dev/null
	$(if $(HUIYIN_TEST_REDIS),,scripts/ensure-redis >/dev/null)
	$(if $(E2E),scripts/ensure-chromium >/dev/null)
	$(MAKE) go-test
	$(MAKE) page-test
	$(if $(E2E),$(MAKE) e2e)

go-test: $(BUILT) ## the Go tests alone, with one PostgreSQL for all packages
	scripts/with-postgres scripts/go-test -timeout 15m -p 4 -parallel 6 $(SLOW) ./...

page-test: page-check ## types and unit tests of console and widget
	node --test --test-reporter=dot scripts/*.test.mjs
	$(foreach page,$(PAGES),npm run --silent test --if-present --workspace $(page)$(newline))

page-check: tmp/page-check

tmp/page-check: $(NODE) tsconfig.base.json $(TYPED)
	$(foreach page,$(PAGES) $(E2E),npm run --silent check --if-present --workspace $(page)$(newline))
	@mkdir -p $(@D) && touch $@

e2e: build ## the whole story in headless Chromium
	@[ -n "$(E2E)" ] || { echo "there is no e2e/package.json to run" >&2; exit 1; }
	CHROMIUM="$$(scripts/ensure-chromium)" HUIYIN_BIN="$(CURDIR)/$(BIN)" npm run --silent e2e --workspace e2e

lint: page-check ## gofmt, go vet, staticcheck, eslint and the pages' types
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l); \
	  [ -z "$$unformatted" ] || { printf 'run make fmt, it would change:\n%s\n' "$$unformatted" >&2; exit 1; }
	go vet ./...
	go tool -modfile=scripts/tools.mod staticcheck ./...
	npm run --silent lint

fmt: $(NODE) ## format Go, mend what eslint can
	git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -w
	npm run --silent lint -- --fix

generate: $(NODE) ## write the generated code again
	go generate ./...
	$(foreach page,$(PAGES) $(E2E),npm run --silent generate --if-present --workspace $(page)$(newline))

bench: build ## the figures: ours and the bare loops in turn, a page with and without the widget; report and plot go to BENCH_OUT or a new temporary folder
	$(if $(HUIYIN_TEST_REDIS),,scripts/ensure-redis >/dev/null)
	HUIYIN_BIN="$(CURDIR)/$(BIN)" HUIYIN_POSTGRES_DURABLE=1 scripts/with-postgres go run ./scripts/bench
	$(if $(E2E),CHROMIUM="$$(scripts/ensure-chromium)" HUIYIN_BIN="$(CURDIR)/$(BIN)" node e2e/bench/page.mjs)

eval: build ## measure answers and intents on the data sets below DATA
	scripts/eval "$(DATA)"

scale: ## the tables of docs/scale.md: how far nodes on a PostgreSQL go, simulated with measured costs
	go run ./scripts/scale

scale-costs: build ## measure those costs on this machine; it should have nothing else to do
	scripts/ensure-redis >/dev/null
	HUIYIN_BIN="$(CURDIR)/$(BIN)" scripts/with-postgres go run ./scripts/scale measure

faults: ## kill -9, power cut, full disk, freeze, Redis gone … under load, HUIYIN_CRASH_ROUNDS (50) rounds each; a report goes to FAULTS_OUT or a new temporary folder
	scripts/faults

soak: ## two nodes under load and one fault after the other for DURATION (2h); memory and goroutines are sampled, their slope goes into the report
	HUIYIN_SOAK="$(DURATION)" FAULTS='^TestSoak$$' scripts/faults

$(NODE): package.json package-lock.json $(addsuffix /package.json,$(PAGES) $(E2E))
	npm ci --loglevel=error --no-audit --no-fund --prefer-offline
	touch $@

# Vite empties dist; the placeholder that Go embeds before the first build goes back in.
define page_rules
$(1)/dist/.built: $$(NODE) $$(shell find $(1) -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
	npm run --silent build --workspace $(1)
	touch $(1)/dist/.keep $$@
endef
$(foreach page,$(PAGES),$(eval $(call page_rules,$(page))))
