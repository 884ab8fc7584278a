import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import express, { Router, type Request, type RequestHandler } from 'express';

const notBuilt = 'The web page is not built: run "npm run build", then reload.\n';

/** As the build leaves them beside a file (bin/build.js), the smallest first. */
const encodings = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

export interface WebOptions {
  /** Addresses that a page is known to ask for: the browser fetches them while it still reads the scripts. */
  readonly preload?: (request: Request) => Promise<readonly string[]>;
}

/** The built page. Files under `assets/` have their hash in their name and never change; the rest is asked again each time. */
export function webRouter(folder: string, { preload }: WebOptions = {}): Router {
  const router = Router();
  const index = join(folder, 'index.html');
  router.use(
    '/assets',
    compressedFile(join(folder, 'assets')),
    express.static(join(folder, 'assets'), {
      immutable: true,
      maxAge: '365d',
      index: false,
      fallthrough: true,
      setHeaders(response, path) {
        const encoding = encodings.find(({ ending }) => path.endsWith(ending));
        if (encoding === undefined) return;
        response.set('Content-Encoding', encoding.name);
        response.type(extname(path.slice(0, -encoding.ending.length)));
      },
    }),
  );
  router.use(
    express.static(folder, {
      cacheControl: false,
      index: false,
      setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
    }),
  );
  // The page's own routes: every path that names no file.
  router.get('/{*splat}', pageHandler(index, preload));
  return router;
}

function pageHandler(index: string, preload: WebOptions['preload']): RequestHandler {
  return async (request, response, next) => {
    if (/\.[a-z0-9]+$/i.test(request.path) || request.accepts('html') === false) {
      next();
      return;
    }
    if (!existsSync(index)) {
      response.status(503).type('text').send(notBuilt);
      return;
    }
    const early = (await preload?.(request)) ?? [];
    const links = early.map((path) => `<${path}>; rel=preload; as=fetch; crossorigin`);
    if (links.length > 0) response.set('Link', links.join(', '));
    response.set('Cache-Control', 'no-cache').sendFile(index, { cacheControl: false });
  };
}

/** Hands a file over as it was compressed when it was built, to who takes it so. */
function compressedFile(folder: string): RequestHandler {
  const files = new Set(existsSync(folder) ? readdirSync(folder) : []);
  return (request, response, next) => {
    const name = request.path.slice(1);
    const there = encodings.filter(({ ending }) => files.has(name + ending));
    const taken = there.find((encoding) => request.acceptsEncodings(encoding.name) !== false);
    if (there.length > 0) response.vary('Accept-Encoding');
    if (taken !== undefined) request.url = `${request.path}${taken.ending}`;
    next();
  };
}
