import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';

const notBuilt = 'The web page is not built: run "npm run build", then reload.\n';

/** The built page. Files under `assets/` have their hash in their name and never change; the rest is asked again each time. */
export function webRouter(folder: string): Router {
  const router = Router();
  const index = join(folder, 'index.html');
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      immutable: true,
      maxAge: '365d',
      index: false,
      fallthrough: true,
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
  router.get('/{*splat}', (request, response, next) => {
    if (/\.[a-z0-9]+$/i.test(request.path) || request.accepts('html') === false) {
      next();
      return;
    }
    if (!existsSync(index)) {
      response.status(503).type('text').send(notBuilt);
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(index, { cacheControl: false });
  });
  return router;
}
