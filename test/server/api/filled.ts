import { good, qualityCode } from '../../../core/reading.ts';
import { pointOf, startServer, stateCode, type StartOptions, type TestServer } from '../support/server.ts';

export const inlet = 'dc/env-a01/temperature';
export const minute = 60_000;
/** Of UTF-8: without it Excel shows Â°C for °C. */
export const byteOrderMark = 'efbbbf';

/**
 * A server that has just read 22.5 °C at `inlet`, an open door and a sensor that did not answer, and holds a reading a minute of `inlet`
 * for the five hours before `now`.
 */
export async function startFilled(options: StartOptions): Promise<{ server: TestServer; now: number }> {
  const server = await startServer(options);
  const now = Date.now();
  const door = pointOf(server.model, 'dc/door-mantrap/door-1/door-state');
  server.pipeline.accept([
    { point: pointOf(server.model, inlet).index, at: now - 1_000, value: 22.5, quality: good },
    { point: door.index, at: now - 1_000, value: stateCode(door, 'open'), quality: good },
    {
      point: pointOf(server.model, 'dc/env-a02/temperature').index,
      at: now - 1_000,
      value: Number.NaN,
      quality: qualityCode('timeout'),
    },
  ]);
  await server.historian.append(
    Array.from({ length: 300 }, (_, index) => ({
      point: inlet,
      at: now - (300 - index) * minute,
      value: 20 + (index % 5),
      quality: good,
    })),
  );
  return { server, now };
}
