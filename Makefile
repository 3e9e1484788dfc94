# One command for everything. `make help` lists them; each sets up what it needs by itself.

# bash rather than sh also because old makes (macOS) then look up commands by the PATH below.
SHELL := /bin/bash
export PATH := $(CURDIR)/.tools/node/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup test-setup build demo up down logs verify load-test chaos test test-unit test-int test-e2e compose-test compose-test-sentinel datadog datadog-apply helm-test helm-docs k8s-up k8s-demo k8s-down model-check bench lint types imports format clean
# Recipes share dist/ and node_modules; what can run side by side is decided inside them.
.NOTPARALLEL:

TSC := node node_modules/typescript/bin/tsc
PRETTIER := node node_modules/prettier/bin/prettier.cjs --log-level warn

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Node.js, npm packages and a Redis: only what is missing
	@scripts/setup/node.sh
	@scripts/setup/packages.sh
	@scripts/setup/redis.sh

# More than `setup`: see redis.sh and helm.sh.
test-setup: setup
	@scripts/setup/redis.sh tests
	@scripts/setup/spin.sh
	@scripts/setup/helm.sh

build: setup ## compile packages and services to their dist/
	@$(TSC) -b tsconfig.build.json

demo: build ## 500 orders, 3 replicas, one killed, one paused: proves 500 effects
	@node scripts/demo/main.mjs

up: build ## start order, inventory and Redis, and leave them running
	@node scripts/local/up.mjs

down: setup ## stop what `make up` started
	@node scripts/local/down.mjs

# LOGS: files or globs; without it what `make up` writes, else what the last `make demo` left. ARGS: any other option.
verify: setup ## prove from the logs that each message took effect once
	@scripts/verify/on-local-logs.sh $(LOGS) $(ARGS)

# ORDERS, RATE, CONNECTIONS, DUPLICATES, REPLICAS, TARGET and more: docs/load-test.md.
load-test: build ## orders at a RATE or as fast as they are answered, then the certificate
	@node scripts/load-test/main.mjs

logs: setup ## follow the logs of what `make up` started
	@node scripts/local/logs.mjs

test: test-setup ## all of it: lint, types, imports, unit, int, e2e
	@node scripts/test/main.mjs lint types imports unit int e2e

test-unit: setup ## *.spec.ts: pure, milliseconds
	@node scripts/test/main.mjs unit

test-int: test-setup ## *.int-spec.ts: adapters against a real Redis
	@node scripts/test/main.mjs int

test-e2e: test-setup build ## *.e2e-spec.ts: built services as real processes
	@node scripts/test/main.mjs e2e

compose-test: test-setup ## docker-compose.yml for real: kill, pause and cut off its containers
	@node scripts/compose-test/main.mjs

compose-test-sentinel: test-setup ## its profile sentinel: the primary is killed under load
	@node scripts/compose-test/main.mjs sentinel

helm-test: test-setup build ## the charts with the real Helm: lint, render, refuse, and run what they mount
	@scripts/test/jest.sh helm/

helm-docs: setup ## schemas, READMEs and packed subcharts of helm/, made from the values.yaml files
	@node scripts/helm/write-generated.mjs

# KUBE_CONTEXT, CONFIRM=yes, NAMESPACE, LOAD_COMMAND or IMAGE_REGISTRY or LOAD=none, VALUES and more: docs/kubernetes.md.
k8s-up: setup ## on Kubernetes (kind, or the current context): build, load, install, wait, helm test
	@node scripts/k8s/up.mjs

k8s-demo: setup ## orders while pods are deleted and inventory goes 3, 8, 2: proves from logs and stock
	@node scripts/k8s/demo.mjs

k8s-down: setup ## uninstall what `make k8s-up` installed; DATA=delete: the volume and the kind cluster too
	@node scripts/k8s/down.mjs

# SEED replays, MINUTES (3), FAULTS=rows or names, PHASES, RATE, PODS, PROFILE=ci|usual|long, RECIPE=usual, LOCKS=always-yes, KEEP=1
chaos: test-setup build ## a seeded campaign over the whole fault matrix, then the verifier
	@node scripts/chaos/main.mjs

# QUICK=1 for two minutes; PARTS, PEERS, RUNS, MESSAGES, REPLICAS, RATE, SECONDS, OUT and more: docs/performance.md.
bench: build ## Onlyonce beside BullMQ, a raw consumer group and others, in one run
	@node bench/main.mjs

# DEEP=1 adds the larger checks: minutes, and gigabytes of memory.
model-check: setup ## every history of the protocol's model, and the counter-examples of what it must not be
	@scripts/setup/spin.sh
	@node scripts/model-check/main.mjs

lint: setup ## ESLint with type information, and formatting
	@node node_modules/eslint/bin/eslint.js . --max-warnings 0
	@$(PRETTIER) --check .

types: setup ## type-check everything, tests too
	@$(TSC) -b

imports: setup ## who may import whom
	@node node_modules/dependency-cruiser/bin/dependency-cruiser.mjs --config .dependency-cruiser.mjs packages order inventory scripts bench helm k8s test

datadog: setup ## write dashboards, monitors and log pipeline for Datadog from their sources
	@node k8s/datadog/src/generate.ts

# DD_API_KEY, DD_APP_KEY, DD_SITE; see docs/datadog.md.
datadog-apply: setup ## show what would change in Datadog; ARGS=--yes changes it
	@node k8s/datadog/src/apply/main.ts $(ARGS)

format: setup ## rewrite files the way `make lint` wants them
	@$(PRETTIER) --write .
	@node node_modules/eslint/bin/eslint.js . --fix

clean: ## remove what was built, and the data of `make up` (not node_modules, not .tools)
	@if command -v node > /dev/null; then node scripts/local/down.mjs --data; fi
	@rm -rf packages/*/dist order/dist inventory/dist coverage .onlyonce
