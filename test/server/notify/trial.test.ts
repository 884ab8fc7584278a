import { createServer } from 'node:http';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../config/schema/people.ts';
import type { Reading } from '../../../core/reading.ts';
import { TryLater, type ChannelDriver } from '../../../server/notify/channel.ts';
import { startHeartbeat } from '../../../server/notify/heartbeat.ts';
import { addPageMetrics } from '../../../server/notify/metrics.ts';
import { createTrial } from '../../../server/notify/trial.ts';
import { watchPaging } from '../../../server/notify/watch.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { closeAll, fakeChannels, modelOf, monday, points, start, type Sent } from './running.ts';
import { untilPasses } from '../../support/until-passes.ts';

const log = pino({ level: 'silent' });
const [t1 = ''] = points;

afterEach(closeAll);

forEachDatabase('the trial alarm', (database) => {
  async function trying(replaced?: ChannelDriver) {
    const clock = createFakeClock(monday);
    const sent: Sent[] = [];
    const trial = createTrial({ model: modelOf(), clock, log });
    const { channels, faults } = fakeChannels(sent);
    const running = await start(database.where(), new Map<Channel, ChannelDriver>([...channels, ['test', replaced ?? trial.driver]]), clock); // prettier-ignore
    const announced: unknown[] = [];
    running.incidents.onChange((summary) => announced.push(summary));
    const run = () => trial.run({ accept: (readings) => running.alarms.accept(readings), incidents: running.incidents }); // prettier-ignore
    return { ...running, trial, run, sent, faults, announced };
  }

  it('goes the whole way and appears nowhere', async () => {
    const { trial, run, clock, sent, announced, incidents, alarms, db, wait, ...running } = await trying();
    await wait(5);
    await run();
    expect(trial.passedAt()).toBe(clock.now());
    expect(trial.problem()).toBeUndefined();
    await wait(2);
    expect(sent).toEqual([]);
    expect(announced).toEqual([]);
    expect(incidents.openCount()).toBe(0);
    expect(await incidents.list({ limit: 10 })).toEqual([]);
    expect(await incidents.list({ state: 'resolved', limit: 10 })).toEqual([]);
    expect(alarms.list('annunciated')).toEqual([]);
    expect(await running.rows()).toEqual([]);
    // The next one deletes what this one left behind.
    await untilPasses(async () => expect(await db.selectFrom('incident').select('resolved_at').execute()).toMatchObject([{ resolved_at: expect.any(Number) }])); // prettier-ignore
    await wait(62);
    await untilPasses(async () => expect(await db.selectFrom('notification').select('state').where('state', '=', 'waiting').execute()).toEqual([])); // prettier-ignore
    await clock.advance(3_600_000);
    await run();
    expect(await db.selectFrom('incident').select('id').execute()).toHaveLength(1);
    expect(trial.passedAt()).toBe(clock.now());
  });

  it('that does not become a message is a problem, and leaves nothing open', async () => {
    const { trial, run, clock, incidents } = await trying({
      send: () => Promise.reject(new TryLater('stuck')),
      close: () => undefined,
    });
    const failing = run();
    await untilPasses(() => expect(incidents.trials()).toHaveLength(1));
    await clock.advance(61_000);
    await failing;
    expect(trial.problem()).toMatch(/did not become a message within 60 s/);
    expect(trial.passedAt()).toBeNull();
    expect(incidents.trials()).toEqual([]);
  });

  it('says how long a channel has failed and how fast pages leave', async () => {
    const { clock, notify, say, faults, wait, sent } = await trying();
    const seen = new Map<number, Reading>();
    const model = modelOf();
    const registry = new Registry();
    addPageMetrics(registry, notify);
    const watch = watchPaging({
      model, notify, clock,
      trial: { ageMs: () => 5_000 },
      heartbeat: { ageMs: () => 0 },
      accept: (readings) => { for (const each of readings) seen.set(each.point, each); },
    }); // prettier-ignore
    const value = (name: string) => seen.get(model.pointById.get(`dc/server/${name}`)?.index ?? -1)?.value;
    say({ [t1]: 29 });
    await untilPasses(() => expect(sent).toHaveLength(1));
    await wait(12);
    expect([value('trial-age'), value('heartbeat-age'), value('email/channel-failing')]).toEqual([5, 0, 0]);
    expect(await registry.metrics()).toMatch(/pantau_page_handoff_seconds_count\{channel="telegram"\} 1/);
    faults.set('email', () => new TryLater('451'));
    await untilPasses(async () => {
      await wait(10);
      expect(value('email/channel-failing')).toBeGreaterThan(5);
    });
    await watch.close();
  });
});

describe('the heartbeat', () => {
  it('is told to the outside address while pages get through, and its age grows when it is not', async () => {
    let beats = 0;
    let status = 200;
    const server = createServer((_request, response) => {
      beats += 1;
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const clock = createFakeClock(monday);
    let why: string | undefined;
    const heartbeat = startHeartbeat({ url: `http://127.0.0.1:${port}/beat`, unwell: () => why, clock, log });
    try {
      await untilPasses(() => expect(beats).toBe(1));
      await untilPasses(() => expect(heartbeat.problem()).toBeUndefined());
      status = 500;
      await untilPasses(async () => {
        await clock.advance(60_000);
        expect(heartbeat.problem()).toBe('HTTP 500');
      });
      status = 200;
      why = 'the trial alarm did not become a message';
      const before = beats;
      await untilPasses(async () => {
        await clock.advance(60_000);
        expect(heartbeat.problem()).toMatch(/^held back: the trial alarm/);
      });
      expect(beats).toBeLessThanOrEqual(before + 1);
      expect(heartbeat.ageMs()).toBeGreaterThan(60_000);
    } finally {
      await heartbeat.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it('of a server without such an address is no trouble', async () => {
    const heartbeat = startHeartbeat({ url: undefined, unwell: () => 'x', clock: createFakeClock(), log });
    expect([heartbeat.ageMs(), heartbeat.problem()]).toEqual([0, undefined]);
    await heartbeat.close();
  });
});
