# Built with the compilers, run without them: the second stage holds what is needed at run time and no sources, so nothing
# is ever built there, whatever configuration is mounted.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node bin/build.js && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production PANTAU_HOST=0.0.0.0 PANTAU_PORT=8080 PANTAU_DATA=/data PANTAU_CONFIG=/config
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/config/library config/library
COPY --from=build /app/dist dist
# The demonstration, until an installation's own folder is mounted over it.
COPY config/pantau.yaml /config/pantau.yaml
COPY config/sites /config/sites
RUN mkdir /data && chown node /data
# glibc keeps freed memory in up to eight arenas a core, one for each of some fifteen threads.
ENV MALLOC_ARENA_MAX=2
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PANTAU_PORT}/api/v1/health`, { signal: AbortSignal.timeout(4000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/pantau.js", "serve"]
