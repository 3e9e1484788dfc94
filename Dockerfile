# One image for each service, as targets:
#   docker build --target order -t onlyonce/order .
#   docker build --target inventory -t onlyonce/inventory .
# No "# syntax=" line: what the engine's own BuildKit knows is enough, and a build needs no image but the base.
ARG NODE_IMAGE=node:24-trixie-slim

# The manifests alone: npm runs again when one of them or the lock file changes, not when a source does.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/contracts/package.json packages/contracts/
COPY packages/core/package.json packages/core/
COPY packages/nestjs/package.json packages/nestjs/
COPY packages/redis/package.json packages/redis/
COPY packages/service/package.json packages/service/
COPY packages/testing/package.json packages/testing/
COPY order/package.json order/
COPY inventory/package.json inventory/

# The whole toolchain. --ignore-scripts, here and below: no dependency of ours needs its install script.
FROM manifests AS toolchain
RUN --mount=type=cache,id=onlyonce-npm,target=/root/.npm,sharing=locked \
    npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY packages packages
RUN node node_modules/typescript/bin/tsc -b packages/contracts/tsconfig.build.json \
      packages/redis/tsconfig.build.json packages/nestjs/tsconfig.build.json packages/service/tsconfig.build.json

# Without the declarations, which the compilation of the services still needs.
FROM toolchain AS packages
RUN for name in contracts core nestjs redis service; do \
      mkdir -p /run-time/$name && cp -R packages/$name/package.json packages/$name/dist /run-time/$name/ || exit 1; \
    done \
 && cp -R packages/redis/lua /run-time/redis/ \
 && find /run-time \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete

FROM toolchain AS order-build
COPY order order
RUN node node_modules/typescript/bin/tsc -b order/tsconfig.build.json \
 && find order/dist \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete

FROM toolchain AS inventory-build
COPY inventory inventory
RUN node node_modules/typescript/bin/tsc -b inventory/tsconfig.build.json \
 && find inventory/dist \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete

# What the services need at run time, once for both: the layer is shared, on disk and over the wire.
# npm takes the dependencies of a workspace's own devDependencies for productive ones (@onlyonce/testing brings
# testcontainers and jest that way: 300 packages), so those are struck out first. Then go what other platforms and
# other versions of Node.js would load, 60 MB of dd-trace, and what only compilers and debuggers read.
FROM manifests AS dependencies
RUN --mount=type=cache,id=onlyonce-npm,target=/root/.npm,sharing=locked \
    rm -r packages/testing \
 && npm pkg delete devDependencies --workspaces --include-workspace-root \
 && npm ci --ignore-scripts --no-audit --no-fund --omit=dev \
      --workspace @onlyonce/order --workspace @onlyonce/inventory \
 && arch=$(node -p process.arch) abi=$(node -p process.versions.modules) \
 && find node_modules -path '*/prebuilds/*' \( -name 'darwin-*' -o -name 'win32-*' -o -name '*musl*' \
      -o -name 'linux*' ! -name "linux*-$arch" -o -name '*.abi*.node' ! -name "*.abi$abi.node" \
      -o -name 'node-[0-9]*.node' ! -name "node-$abi.node" \) -prune -exec rm -r {} + \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && rm -r node_modules/.bin node_modules/@onlyonce/order node_modules/@onlyonce/inventory

FROM ${NODE_IMAGE} AS tini
RUN apt-get update && apt-get install --yes --no-install-recommends tini

FROM ${NODE_IMAGE} AS run
# Package managers are for building.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /usr/local/bin/docker-entrypoint.sh
# As process 1 node would not hear a SIGTERM before its handlers stand, and would leave the dead of `docker exec` behind.
COPY --from=tini /usr/bin/tini /usr/bin/tini
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=packages /run-time packages
ENV NODE_ENV=production
# The user `node`, by number: Kubernetes cannot tell from a name that it is not root. All files are root's: read-only.
USER 1000:1000
ENTRYPOINT ["/usr/bin/tini", "--"]
# Ready, not live: who waits for this container wants to use it. Docker itself ends no container for being unhealthy;
# Kubernetes has probes of its own. Swarm does: there ask for /health/live instead.
HEALTHCHECK --interval=10s --timeout=3s --retries=3 --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM run AS order
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="onlyonce/order" \
      org.opencontainers.image.description="Accepts orders over HTTP; accepted when, and only when, in the durable backlog" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
ENV PORT=3001
EXPOSE 3001
COPY --from=order-build /app/order/package.json order/
COPY --from=order-build /app/order/dist order/dist
CMD ["node", "order/dist/main.js"]

FROM run AS inventory
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="onlyonce/inventory" \
      org.opencontainers.image.description="Reserves stock for each order once, whichever replica wins" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
ENV PORT=3002
EXPOSE 3002
COPY --from=inventory-build /app/inventory/package.json inventory/
COPY --from=inventory-build /app/inventory/dist inventory/dist
CMD ["node", "inventory/dist/main.js"]
