import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { createIngestClient } from '../../collectors/remote/client.ts';
import { wireColumns } from '../../collectors/remote/columns.ts';
import { systemClock } from '../../core/clock.ts';
import { good } from '../../core/reading.ts';
import { planPoints } from '../../domain/plan.ts';
import type { ServerToClient, ClientToServer } from '../../server/contracts/live.ts';
import { siteSummary, siteView, type SiteView } from '../../server/contracts/sites.ts';
import type { Served } from './serve.ts';

/** All racks come in so many batches: what a fast collector sends. */
const batches = 4;
/** A little under a second, so that four changes of 728 racks are over 3,000 a second. */
const everyRackMs = 950;

export async function sitesOf({ url }: Served, token: string): Promise<SiteView[]> {
  const answer = await fetch(`${url}/api/v1/sites`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = z.object({ items: z.array(siteSummary) }).parse(await answer.json());
  return Promise.all(
    items.map(async ({ id }) => {
      const site = await fetch(`${url}/api/v1/sites/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return siteView.parse(await site.json());
    }),
  );
}

/**
 * Every rack's temperature, humidity and both feeds change every 0.95 s, as a collector delivers them: with the two values derived of the
 * feeds, four changes a rack on every wall, some 3,060 a second.
 */
export function startFeeder(served: Served, { token, sites }: { token: string; sites: readonly SiteView[] }) {
  const racks = sites.flatMap((site) => site.racks.map(({ points }) => ({ points, site: site.id })));
  const client = createIngestClient({ url: served.url, token, now: () => systemClock.now() });
  const stop = new AbortController();
  const run = `bench${Date.now().toString(36)}`;
  let sequence = 0;
  let sent = 0;
  let refused = '';

  async function send(turn: number): Promise<void> {
    const share = turn % batches;
    const at = Date.now();
    // Of two ranges in turn: what is rounded to the same number as the time before is no change, and of a sum nothing is sent.
    const range = Math.floor(turn / batches) % 2 === 0 ? 0 : 0.5;
    const value = (base: number): number => Math.round((base + range) * 10 + Math.random() * 4) / 10;
    const readings = racks
      .filter((_, place) => place % batches === share)
      .flatMap(({ points }) => [
        { point: points.temperature, value: value(22) },
        { point: points.humidity, value: value(44) },
        { point: points.feedA, value: value(0.8) },
        { point: points.feedB, value: value(0.8) },
      ]) // prettier-ignore
      .flatMap(({ point, value: read }) =>
        point === null ? [] : [{ point, at, value: read, quality: good }],
      );
    sequence += 1;
    const batch = { run, sequence, settled: sequence, live: true, ...wireColumns(readings) };
    const outcome = await client.post({ sentAt: at, batch }, stop.signal);
    if (outcome.kind === 'done') sent += readings.length;
    else refused = outcome.why;
  }

  async function feed(): Promise<void> {
    for (let turn = 0, due = performance.now(); !stop.signal.aborted; turn += 1) {
      await send(turn);
      due = Math.max(due + everyRackMs / batches, performance.now() - 1_000);
      await sleep(Math.max(0, due - performance.now()));
    }
  }
  const running = feed();
  return {
    sent: () => sent,
    problem: () => refused,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** Walls that take everything and paint nothing: what they measure is receipt. */
export async function openWalls(
  served: Served,
  options: { token: string; sites: readonly SiteView[]; count: number },
) {
  const { token, sites, count } = options;
  const points = planPoints(sites.flatMap(({ racks }) => racks));
  /** How many values took so many ms; the last place is for all that took longer. */
  const delays = new Uint32Array(10_000);
  const sockets: Socket<ServerToClient, ClientToServer>[] = [];
  for (let number = 0; number < count; number += 1) {
    const socket: Socket<ServerToClient, ClientToServer> = io(served.url, {
      path: '/live', transports: ['websocket'], auth: { token }, forceNew: true,
    }); // prettier-ignore
    socket.on('values', ({ at }) => {
      const now = Date.now();
      for (const time of at) countDelay(delays, now - time);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect_error', reject);
      socket.once('connect', () => {
        socket.emit('watch', points, () => resolve());
      });
    });
    sockets.push(socket);
  }
  return {
    /** Forgets what came before. */
    begin() {
      delays.fill(0);
    },
    p99: () => quantile(delays, 0.99),
    changesOfEach: () => sumOf(delays) / count,
    close() {
      for (const socket of sockets) socket.close();
    },
  };
}

function countDelay(delays: Uint32Array, ms: number): void {
  const place = Math.min(delays.length - 1, Math.max(0, Math.round(ms)));
  delays[place] = (delays[place] ?? 0) + 1;
}

function sumOf(delays: Uint32Array): number {
  return delays.reduce((sum, count) => sum + count, 0);
}

function quantile(delays: Uint32Array, share: number): number {
  const wanted = sumOf(delays) * share;
  let seen = 0;
  return delays.findIndex((count) => (seen += count) >= wanted);
}
