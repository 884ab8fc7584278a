import { expect, test } from 'vitest';
import { createMemoryBuffer } from '../../../core/buffer/memory.ts';
import { asyncBuffer } from '../../../core/buffer/thread.ts';
import { createBufferedWriter } from '../../../server/historian/buffered.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/field.ts';
import { reading } from './support.ts';

const days = 86_400_000;

test('a clock that is set ahead makes no backlog old; one that lasts a minute is reported', async () => {
  const clock = createFakeClock();
  // A store that takes its time: what it has not confirmed waits in the buffer.
  const historian = { append: () => new Promise<void>(() => undefined) };
  const buffer = asyncBuffer(createMemoryBuffer({ maxReadings: 1_000 }));
  const writer = createBufferedWriter({ historian, buffer, clock, log: silentLog });
  await clock.advance(2_000);
  writer.push([reading('dc/p', clock.now(), 1)]);
  await clock.advance(5_000);
  expect((await buffer.state()).readings).toBe(1);
  clock.step(9 * days);
  await clock.advance(5_000);
  expect(writer.problem()).toBeUndefined();
  clock.step(-39 * days);
  await clock.advance(60_000);
  expect(writer.problem()).toContain('catching up: 1 readings wait');
});
