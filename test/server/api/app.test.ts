import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, listen, ListenError } from '../../../server/api/app.ts';
import { startServer, type TestServer } from '../support/server.ts';

let folder = '';
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-web-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Pantau</title>');
  await writeFile(join(folder, 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'assets', 'main-abc123.js'), `//${'x'.repeat(5_000)}`);
  server = await startServer({ webFolder: folder });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the page', () => {
  it('is given for every route of its own and never kept by the browser', async () => {
    for (const path of ['/', '/wall', '/incidents/01abc']) {
      const { status, text, headers } = await server.ask(path, { headers: { accept: 'text/html' } });
      expect([path, status, text.includes('Pantau'), headers.get('cache-control')]).toEqual([
        path,
        200,
        true,
        'no-cache',
      ]);
    }
  });

  it('has assets that are kept for ever, compressed', async () => {
    const { headers } = await server.ask('/assets/main-abc123.js', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-encoding')).toBe('gzip');
    expect((await server.ask('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it('is not given for a file that is missing, nor outside its folder', async () => {
    expect((await server.ask('/assets/old-chunk.js')).status).toBe(404);
    expect((await server.ask('/..%2f..%2fetc%2fpasswd')).text).not.toMatch('root:');
    expect((await server.ask('/%E0%A4%A')).status).toBe(400);
  });

  it('does not stand in for the API', async () => {
    expect((await server.api('/nothing', { headers: { accept: 'text/html' } })).json).toMatchObject({
      status: 404,
    });
  });

  it('may load nothing from elsewhere and is not forced to https', async () => {
    const { headers } = await server.ask('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch("default-src 'self'");
    expect(policy).not.toMatch('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('says what to do when it is not built', async () => {
    const bare = await startServer({ model: server.model, webFolder: join(folder, 'none') });
    expect(await bare.ask('/wall', { headers: { accept: 'text/html' } })).toMatchObject({
      status: 503,
      text: expect.stringMatching('npm run build'),
    });
    await bare.close();
  });
});

describe('listening', () => {
  it('names the remedy when the port is taken', async () => {
    const [one, two] = [createServer(), createServer()];
    const port = await listen(one, { host: '127.0.0.1', port: 0 });
    const refused = listen(two, { host: '127.0.0.1', port });
    await expect(refused).rejects.toThrow(ListenError);
    await expect(refused).rejects.toThrow(
      `port ${port} of 127.0.0.1 is in use by another program; stop it, or set PANTAU_PORT to a free port`,
    );
    await closeServer(one);
    expect(await listen(two, { host: '127.0.0.1', port })).toBe(port);
    await closeServer(two);
    await closeServer(two);
  });

  it('names the remedy when the host is not of this machine', async () => {
    await expect(listen(createServer(), { host: '203.0.113.1', port: 0 })).rejects.toThrow('set PANTAU_HOST');
  });

  it('lets a running answer finish when it closes', async () => {
    let answer: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = createServer((_request, response) => {
      answer();
      setImmediate(() => response.end('whole'));
    });
    const port = await listen(slow, { host: '127.0.0.1', port: 0 });
    const asked = fetch(`http://127.0.0.1:${port}`).then((response) => response.text());
    await arrived;
    await closeServer(slow);
    expect(await asked).toBe('whole');
  });
});
