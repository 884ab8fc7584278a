import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, listen } from '../../../server/api/app.ts';
import { webRouter } from '../../../server/http/web.ts';

const script = 'export const answer = 42;\n'.repeat(100);
const folder = mkdtempSync(join(tmpdir(), 'pantau-web-'));
let server: Server;
let port = 0;
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Pantau DC</title>');
  const file = join(folder, 'assets', 'wall-1.js');
  writeFileSync(file, script);
  writeFileSync(`${file}.gz`, gzipSync(script));
  writeFileSync(`${file}.br`, brotliCompressSync(script));
  writeFileSync(join(folder, 'assets', 'letters-1.woff2'), 'letters');
  const app = express();
  app.use(
    webRouter(folder, {
      preload: ({ path }) => Promise.resolve(path === '/masuk' ? [] : ['/api/v1/session', '/api/v1/sites']),
    }),
  );
  server = createServer(app);
  port = await listen(server, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await closeServer(server);
  rmSync(folder, { recursive: true });
});

function get(path: string, headers: Record<string, string> = {}): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject).end();
  });
} // prettier-ignore

describe('the built page', () => {
  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
  ])('is handed over as it was compressed when it was built (%s)', async (encoding, accepted, decompress) => {
    const { headers, body } = await get('/assets/wall-1.js', { 'accept-encoding': accepted });
    expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
    expect(headers['content-type']).toMatch(/^text\/javascript/);
    expect(headers['cache-control']).toContain('immutable');
    expect(String(decompress(body))).toBe(script);
  });

  it('comes plain to who takes nothing else, and where nothing was compressed', async () => {
    const plain = await get('/assets/wall-1.js');
    expect([plain.headers['content-encoding'], String(plain.body)]).toEqual([undefined, script]);
    const letters = await get('/assets/letters-1.woff2', { 'accept-encoding': 'br' });
    expect([letters.headers['content-encoding'], String(letters.body)]).toEqual([undefined, 'letters']);
  });

  it('names what it will ask for, so that the browser fetches it beside the scripts', async () => {
    const { headers } = await get('/situs/dc', { accept: 'text/html' });
    expect(headers.link).toBe(
      '</api/v1/session>; rel=preload; as=fetch; crossorigin, </api/v1/sites>; rel=preload; as=fetch; crossorigin',
    );
    expect((await get('/masuk', { accept: 'text/html' })).headers.link).toBeUndefined();
  });
});
