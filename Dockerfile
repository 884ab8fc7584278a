FROM node:20-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node bin/build.js && npm prune --omit=dev && mkdir /data && chown node /data
USER node
VOLUME /data
EXPOSE 8080
CMD ["node", "bin/pantau.js", "serve"]
