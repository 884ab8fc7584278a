import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Identity } from '../../../server/auth/identity.ts';
import { page, role } from '../../../server/contracts/common.ts';
import { endpoint, publicEndpoint } from '../../../server/http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../../server/http/file.ts';
import { mountEndpoints } from '../../../server/http/mount.ts';
import { openApiDocument } from '../../../server/http/openapi.ts';
import { pageOfArray, pageQuery } from '../../../server/http/page.ts';
import { conflict, notFound } from '../../../server/http/problem.ts';
import { capturedLog, serve, type Served } from '../support/http.ts';

const names = ['ana', '=cmd()', 'c,"d"'];
const endpoints = [
  endpoint({
    method: 'get',
    path: '/things',
    role: 'viewer',
    summary: 'All things',
    input: { query: z.strictObject({ ...pageQuery, site: z.string().optional() }) },
    output: page(z.object({ name: z.string(), at: z.object({ x: z.number() }), tags: z.array(z.string()) })),
    csv: true,
    handler: ({ query }) => pageOfArray(names, query, (name) => ({ name, at: { x: -1 }, tags: ['a', 'b'] })),
  }),
  endpoint({
    method: 'get',
    path: '/things/:id',
    role: 'viewer',
    summary: 'One thing',
    input: { params: z.object({ id: z.string() }) },
    output: z.object({ id: z.string(), user: z.string() }),
    handler({ params, user }) {
      if (params.id === 'none') throw notFound('no such thing');
      if (params.id === 'boom') throw new Error('secret inside');
      return { id: params.id, user: user.name };
    },
  }),
  endpoint({
    method: 'post',
    path: '/things',
    role: 'operator',
    summary: 'Make a thing',
    input: { body: z.strictObject({ name: z.string(), rooms: z.array(z.string()).default([]) }) },
    output: z.object({ name: z.string() }),
    status: 201,
    handler({ body }) {
      if (body.name === 'ana') throw conflict('ana is there already');
      return { name: body.name };
    },
  }),
  endpoint({
    method: 'post',
    path: '/things/:id/ack',
    role: 'operator',
    summary: 'Acknowledge',
    input: { params: z.object({ id: z.string() }), body: z.strictObject({ note: z.string().optional() }) },
    output: z.undefined(),
    handler: () => undefined,
  }),
  endpoint({
    method: 'get',
    path: '/things.pdf',
    role: 'viewer',
    summary: 'All things, to print',
    input: {},
    output: fileOutput,
    file: 'application/pdf',
    handler: () =>
      new FileAnswer({ type: 'application/pdf', name: 'things.pdf', body: new Uint8Array([37, 80, 0, 255]) }),
  }),
  publicEndpoint({
    method: 'get',
    path: '/lies',
    summary: 'Answers what it does not declare',
    input: {},
    output: z.object({ number: z.number() }).or(z.object({ text: z.string().max(1) })),
    handler: () => ({ text: 'too long' }),
  }),
];

const { log, lines } = capturedLog();
let server: Served;
beforeAll(async () => {
  const app = express();
  mountEndpoints(app, endpoints, {
    identify: async (request): Promise<Identity | undefined> => {
      const parsed = role.safeParse(request.headers['x-role']);
      return parsed.success ? { name: 'tester', role: parsed.data, by: 'session' } : undefined;
    },
    session: () => ({ signIn: () => Promise.resolve(), signOut: () => Promise.resolve() }),
    log,
    checkOutput: true,
  });
  server = await serve(app);
});
afterAll(() => server.close());

interface Ask {
  method?: string;
  role?: string;
  body?: string;
  headers?: Record<string, string>;
}
async function ask(path: string, { method = 'GET', role = 'admin', body, headers }: Ask = {}) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      'x-role': role,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json: unknown = (response.headers.get('content-type') ?? '').includes('json')
    ? JSON.parse(text)
    : undefined;
  return { status: response.status, text, json, headers: response.headers };
}

describe('endpoint', () => {
  it('answers what the handler returns when role and input are right', async () => {
    expect((await ask('/things/a%2Fb')).json).toEqual({ id: 'a/b', user: 'tester' });
  });

  it('answers 401 without a user, 403 with too low a role, as problem+json', async () => {
    const nobody = await ask('/things', { role: 'none' });
    expect(nobody.json).toMatchObject({ type: 'about:blank', title: 'Unauthorized', status: 401 });
    expect(nobody.headers.get('content-type')).toMatch('application/problem+json');
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
    expect((await ask('/things', { role: 'wall' })).json).toMatchObject({
      status: 403,
      detail: 'needs role viewer; tester has wall',
    });
  });

  it('names every wrong input when several are wrong', async () => {
    const { status, json } = await ask('/things', {
      method: 'POST',
      body: '{"name":1,"rooms":["a",2],"extra":true}',
    });
    expect(status).toBe(400);
    const { errors } = z
      .object({ errors: z.array(z.object({ path: z.string(), message: z.string() })) })
      .parse(json);
    expect(errors.map((error) => error.path)).toEqual(['body.name', 'body.rooms[1]', 'body']);
    expect(errors[2]?.message).toMatch('extra');
  });

  it('names a query that it does not know', async () => {
    expect((await ask('/things?sight=dc')).json).toMatchObject({
      status: 400,
      detail: expect.stringMatching('sight'),
    });
  });

  it('refuses a body that is not JSON, too large, or of another type', async () => {
    expect((await ask('/things', { method: 'POST', body: '{"name":' })).json).toMatchObject({
      status: 400,
      detail: expect.stringMatching('not valid JSON'),
    });
    expect(
      (await ask('/things', { method: 'POST', body: JSON.stringify({ name: 'x'.repeat(1_100_000) }) })).json,
    ).toMatchObject({ status: 413, detail: expect.stringMatching('1mb') });
    expect(
      (
        await ask('/things', {
          method: 'POST',
          body: 'name=x',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).json,
    ).toMatchObject({ status: 415 });
  });

  it('takes an absent body for an empty object, and answers 204 when it returns nothing', async () => {
    expect((await ask('/things/1/ack', { method: 'POST' })).status).toBe(204);
    expect((await ask('/things', { method: 'POST' })).json).toMatchObject({
      status: 400,
      detail: expect.stringMatching('body.name'),
    });
  });

  it('sends what the handler refuses with', async () => {
    expect((await ask('/things/none')).json).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no such thing',
    });
    expect((await ask('/things', { method: 'POST', body: '{"name":"ana"}' })).status).toBe(409);
    expect((await ask('/things', { method: 'POST', body: '{"name":"bo"}' })).status).toBe(201);
  });

  it('hides what went wrong inside and logs it when a handler fails', async () => {
    const { json, text } = await ask('/things/boom');
    expect(json).toMatchObject({ status: 500 });
    expect(text).not.toMatch('secret');
    expect(lines.join('')).toMatch('secret inside');
  });

  it('answers 404 for an unknown route and 405 with Allow for a wrong method', async () => {
    expect((await ask('/nothing')).json).toMatchObject({
      status: 404,
      detail: expect.stringMatching('/api/v1/nothing'),
    });
    const wrong = await ask('/things', { method: 'DELETE' });
    expect(wrong.json).toMatchObject({ status: 405 });
    expect(wrong.headers.get('allow')).toBe('GET, POST');
  });

  it('answers 400 when an escape in the path is broken', async () => {
    expect((await ask('/things/%E0%A4%A')).status).toBe(400);
  });

  it('refuses a write with a cookie from a page of another site', async () => {
    const write = (headers: Record<string, string>) =>
      ask('/things', { method: 'POST', body: '{"name":"bo"}', headers });
    expect((await write({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await write({ origin: 'null' })).status).toBe(403);
    expect((await write({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await write({ origin: server.url })).status).toBe(201);
  });

  it('fails an output that is not what it declares when outputs are checked', async () => {
    expect((await ask('/lies')).status).toBe(500);
  });
});

describe('list', () => {
  it('gives all items over its pages, each once', async () => {
    const seen: string[] = [];
    let path = '/things?limit=2';
    for (let pages = 0; pages < 5; pages += 1) {
      const { items, next } = page(z.object({ name: z.string() })).parse((await ask(path)).json);
      seen.push(...items.map((item) => item.name));
      if (next === null) break;
      path = `/things?limit=2&cursor=${encodeURIComponent(next)}`;
    }
    expect(seen).toEqual(names);
  });

  it('names the cursor when it is not one, and the limit when it is too high', async () => {
    expect((await ask('/things?cursor=zzz')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.cursor' }],
    });
    expect((await ask('/things?limit=99999')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.limit' }],
    });
  });

  it('is CSV that no spreadsheet runs when CSV is asked for', async () => {
    const expected = 'name,at.x,tags\r\nana,-1,a; b\r\n\'=cmd(),-1,a; b\r\n"c,""d""",-1,a; b\r\n';
    const byQuery = await ask('/things?format=csv');
    expect(byQuery.text).toBe(expected);
    expect(byQuery.headers.get('content-disposition')).toBe('attachment; filename=things.csv');
    expect((await ask('/things', { headers: { accept: 'text/csv' } })).text).toBe(expected);
  });

  it('links the next page in a header when the CSV is not all', async () => {
    const { headers } = await ask('/things?format=csv&limit=1');
    const link = /^<\/api\/v1(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    expect((await ask(link ?? '')).text).toMatch("'=cmd()");
  });

  it('names the format when it is neither', async () => {
    expect((await ask('/things?format=xml')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.format' }],
    });
  });
});

describe('a file', () => {
  it('comes with its type and name, byte for byte, and is declared as such', async () => {
    const response = await fetch(`${server.url}/api/v1/things.pdf`, { headers: { 'x-role': 'viewer' } });
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([37, 80, 0, 255]);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=things.pdf');
    expect(JSON.stringify(openApiDocument(endpoints))).toContain(
      '"application/pdf":{"schema":{"type":"string","format":"binary"}}',
    );
  });
});

describe('OpenAPI document', () => {
  it('is served, and says path, role, input and output of every endpoint', async () => {
    const served = (await ask('/openapi.json', { role: 'none' })).json;
    expect(served).toEqual(JSON.parse(JSON.stringify(openApiDocument(endpoints))));
    expect(served).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/things': {
          get: { operationId: 'getThings', responses: { 200: { content: { 'text/csv': {} } } } },
          post: {
            description: 'Role: operator and above.',
            requestBody: { content: { 'application/json': {} } },
            responses: { 201: {} },
          },
        },
        '/things/{id}': { get: { parameters: [{ name: 'id', in: 'path' }] } },
        '/things/{id}/ack': { post: { responses: { 204: { description: 'Done' } } } },
        '/lies': { get: { security: [] } },
      },
    });
  });
});
