import { randomInt } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../core/clock.ts';
import { createCollectors } from '../../collectors/create.ts';
import { good, qualityCode, type Reading } from '../../core/reading.ts';
import type { Model } from '../../config/model.ts';
import { withSimulatedField } from '../../config/simulated.ts';
import { PortInUseError } from '../../simulator/devices/endpoint.ts';
import { controlHeader } from '../../simulator/control.ts';
import { startSimulator, type Simulator } from '../../simulator/start.ts';
import { silentLog } from '../support/field.ts';
import { freePort } from '../support/process.ts';
import { findDevice, moved, shippedModel } from './support.ts';

const shipped = shippedModel();
const timedOut = qualityCode('timeout');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = (model: Model, basePort: number): Promise<Simulator> =>
  startSimulator({ model, basePort, seed: 1, clock: systemClock, log: silentLog });

/** The whole field on a block of ports that is free. */
async function startAnywhere(): Promise<{ model: Model; basePort: number }> {
  for (let attempt = 1; ; attempt++) {
    const basePort = randomInt(10_000, 19_000);
    const model = withSimulatedField(shipped, basePort);
    try {
      const simulator = await start(model, basePort);
      closing.push(() => simulator.close());
      return { model, basePort };
    } catch (error) {
      if (!(error instanceof PortInUseError) || attempt === 10) throw error;
    }
  }
}

const running = z.object({
  items: z.array(z.object({ name: z.string(), site: z.string(), startedAt: z.iso.datetime() })),
});

describe('the simulated field', () => {
  it('gives the collectors a good value at every point that is asked every ten seconds or sooner', async () => {
    const { model } = await startAnywhere();
    const wanted = new Set(
      model.devices
        .flatMap((device) => [...device.points, device.link])
        .filter(({ intervalMs }) => intervalMs <= 10_000)
        .map(({ index }) => index),
    );
    const bad: Reading[] = [];
    const collectors = createCollectors({
      model,
      clock: systemClock,
      log: silentLog,
      sink: (readings) => {
        for (const reading of readings) {
          if (reading.quality === good) wanted.delete(reading.point);
          // On a busy machine a first answer may be late; the point is asked again until it is good.
          else if (reading.quality !== timedOut) bad.push(reading);
        }
      },
    });
    closing.push(() => collectors.stop());
    collectors.start();
    await expect.poll(() => wanted.size, { timeout: 50_000, interval: 250 }).toBe(0);
    expect(bad).toEqual([]);
  }, 60_000);

  it('is steered over HTTP: drills start, are listed and stop; what is wrong is said', async () => {
    const { basePort } = await startAnywhere();
    const at = `http://127.0.0.1:${basePort}`;
    const post = (body: string): Promise<Response> =>
      fetch(`${at}/drills`, { method: 'POST', headers: controlHeader, body });
    expect((await fetch(`${at}/health`)).status).toBe(200);
    const started = await post(JSON.stringify({ name: 'smoke', site: 'drc' }));
    expect(running.parse(await started.json()).items).toMatchObject([{ name: 'smoke', site: 'drc' }]);
    expect(running.parse(await (await fetch(`${at}/drills`)).json()).items).toHaveLength(1);
    const stopped = await post(JSON.stringify({ name: 'smoke', site: 'drc', action: 'stop' }));
    expect(running.parse(await stopped.json()).items).toEqual([]);
    expect((await post('{"name":"smoke","site":"surabaya"}')).status).toBe(404);
    expect((await post('{"name":"flood","site":"drc"}')).status).toBe(400);
    expect((await post('not json')).status).toBe(400);
    expect((await post('x'.repeat(50_000))).status).toBe(400);
    expect((await fetch(`${at}/elsewhere`)).status).toBe(404);
  });

  it('leaves nothing open when its last port is taken', async () => {
    const { basePort } = await startAnywhere();
    const device = moved(
      findDevice(shipped, 'dc', ({ kind }) => kind === 'leak'),
      await freePort(),
    );
    const model = { ...shipped, devices: [device] };
    await expect(start(model, basePort)).rejects.toThrow(`port ${basePort}`);
    const again = await start(model, await freePort());
    await again.close();
  });
});
