import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topologyView } from '../../../server/contracts/topology.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const topology = (query: string) => server.api(`/topology?${query}`, { role: 'wall' });

describe('GET topology', () => {
  it('gives every node and edge of a site, with why an edge is there', async () => {
    const { site, nodes, edges } = topologyView.parse((await topology('site=drc')).json);
    expect(site).toBe('drc');
    expect(nodes.filter(({ kind }) => kind === 'rack')).toHaveLength(292);
    expect(edges).toContainEqual({
      from: 'drc/panel:A',
      to: 'drc/rack-a01',
      type: 'supplies',
      feed: 'A',
      why: 'default',
      meter: 'drc/gateway-a',
    });
    const keys = new Set(nodes.map(({ key }) => key));
    expect(edges.filter(({ from, to }) => !keys.has(from) || !keys.has(to))).toEqual([]);
  });

  it('leaves out rows, racks and what stands in them when only the plant is asked for', async () => {
    const { nodes } = topologyView.parse((await topology('site=dc&scope=plant')).json);
    expect(
      nodes.filter(({ kind, id }) => kind === 'rack' || kind === 'row' || id.startsWith('pdu-')),
    ).toEqual([]);
    expect(nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['pln-a', 'ats-b', 'ups-b2', 'panel:B']),
    );
  });

  it('refuses a site that is not there with the nearest name', async () => {
    const { status, json } = await topology('site=dcr');
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('did you mean');
  });
});
