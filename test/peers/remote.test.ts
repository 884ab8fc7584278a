import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { incidentView } from '../../server/contracts/incidents.ts';
import { page } from '../../server/contracts/common.ts';
import { deviceDiagnosticsView } from '../../server/contracts/system.ts';
import { pointView } from '../../server/contracts/points.ts';
import { gaps, remoteEstate, type RemoteEstate } from '../remote/estate.ts';
import { eventually } from '../support/field.ts';

let estate: RemoteEstate;
beforeEach(async () => {
  estate = await remoteEstate();
});
afterEach(() => estate.close());

/** What is read in the last second before a kill -9 may be lost, ten numbers, and what was just being handed over. */
const lastSecond = 11;

async function delivered(): Promise<void> {
  const from = Date.now();
  // The first message after a silence tells how much waits.
  await eventually('the collector is heard again', async () => {
    const { lastContactAt } = await estate.collector();
    return Date.parse(lastContactAt ?? '') > from;
  });
  await eventually('everything is delivered', async () => {
    const { spool, state } = await estate.collector();
    return state === 'reporting' && spool?.readings === 0;
  });
}

describe('between a collector and a server', () => {
  test('everything is in the store once when the server is killed, mid-delivery too, and answers are lost on the way', async () => {
    let server = await estate.startServer();
    const feeder = await estate.startFeeder();
    await sleep(1_500);
    for (const pause of [3_000, 700]) {
      await server.kill();
      await sleep(pause);
      server = await estate.startServer();
      await sleep(700);
    }
    estate.proxy.set('swallow');
    await eventually('answers are lost on the way', () => estate.proxy.swallowed() > 0);
    estate.proxy.set('refuse');
    await sleep(2_000);
    estate.proxy.set('through');
    await eventually('batches were sent again', async () => (await estate.collector()).readings.repeated > 0);
    await delivered();
    await feeder.stop();
    const { readings } = await estate.collector();
    expect(readings.late).toBeGreaterThan(0);
    expect(readings.refused).toBe(0);
    await server.stop();

    const numbers = await estate.stored();
    expect(numbers.size).toBeGreaterThan(50);
    for (const [, values] of numbers)
      expect(gaps(values, estate.fed())).toEqual({ missing: [], repeated: 0 });
  });

  test('a collector that is killed loses its last second at most, and nothing of what it had kept', async () => {
    const killedAt: number[] = [];
    for (const pause of [1_500, 2_500, 900]) {
      const feeder = await estate.startFeeder();
      await sleep(pause);
      await feeder.kill();
      killedAt.push(estate.fed());
    }
    const server = await estate.startServer();
    const feeder = await estate.startFeeder();
    await sleep(1_500);
    await delivered();
    await feeder.stop();
    await server.stop();
    const [values = []] = (await estate.stored()).values();
    const { missing, repeated } = gaps(values, estate.fed());
    expect(repeated).toBe(0);
    const unexcused = missing.filter(
      (number) => !killedAt.some((end) => number <= end && number > end - lastSecond),
    );
    expect(unexcused).toEqual([]);
  });
});

describe('pantau collect', () => {
  test('polls its site, shows its devices under its name, and its silence is one incident', async () => {
    const server = await estate.startServer();
    const collector = await estate.startCollector();
    const power = async () =>
      pointView.parse(await estate.get(`points/${encodeURIComponent('drc/pdu-a01-a/power')}`));
    await eventually('the walk is read', async () => (await power()).quality === 'good');
    await eventually('its devices are known', async () => {
      const { items } = page(deviceDiagnosticsView).parse(await estate.get('devices/health'));
      return items.length === 3 && items.every((row) => row.collector === 'far' && row.state === 'ok');
    });
    await expect(estate.startCollector()).rejects.toThrow('in use by another collector');

    await collector.kill();
    const open = async () =>
      page(z.object({ id: z.string(), rule: z.string(), state: z.string() })).parse(
        await estate.get('incidents?state=open'),
      ).items;
    const giveUpAt = Date.now() + 60_000;
    while ((await open()).length === 0 && Date.now() < giveUpAt) await sleep(500);
    const incidents = await open();
    expect(incidents.map(({ rule }) => rule)).toEqual(['collector-silent']);
    const { worst } = incidentView.parse(await estate.get(`incidents/${incidents[0]?.id}`));
    expect(worst).toMatchObject({ state: 'silent' });
    const { items } = page(deviceDiagnosticsView).parse(await estate.get('devices/health'));
    expect(items.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);

    const again = await estate.startCollector();
    // Nobody has acknowledged it: it waits for that.
    await eventually('the incident is over', async () => (await open())[0]?.state === 'returned');
    expect((await power()).quality).toBe('good');
    await again.stop();
    await server.stop();
  });
});
