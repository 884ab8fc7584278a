import { describe, expect, it } from 'vitest';
import { describeQuality, good } from '../../../core/reading.ts';
import { pastList, pastValues, type Past } from '../../../server/live/past.ts';
import { modbusMeter } from '../../collectors/poller/meters.ts';
import { fieldModel } from '../../support/field.ts';

const model = fieldModel([modbusMeter('a')]);
const points = model.points.filter(({ source }) => source.from === 'device').slice(0, 2);
const indices = Int32Array.from([...points.map(({ index }) => index), -1]);
const [fresh, old] = points;
const now = Date.UTC(2026, 10, 22, 7);
const day = 86_400_000;

const past = (at: number): Past => ({
  last: (_at, asked) =>
    Promise.resolve(
      new Map(
        [
          { id: fresh?.id ?? '', at: at - 1_000, value: 230, quality: good },
          { id: old?.id ?? '', at: at - (old?.staleAfterMs ?? 0) - 1, value: 231, quality: good },
        ]
          .filter(({ id }) => asked.has(id))
          .map(({ id, ...sample }) => [id, sample]),
      ),
    ),
  completeSince: () => now - day,
  oldest: () => now - 2 * day,
});
const ask = (at: number) => pastValues(past(at), { model, list: pastList(model, indices), at, now });

describe('the past, as a client asks for it', () => {
  it('is what was to be believed then: fresh, stale with its value, or never read', async () => {
    const reply = await ask(now - 3_600_000);
    if ('error' in reply) throw new Error(reply.error);
    expect(reply.complete).toBe(true);
    expect(reply.values.value).toEqual([230, 231, null]);
    expect(reply.values.quality.map((code) => describeQuality(code).reason)).toEqual([
      null,
      'stale',
      'never-read',
    ]);
  });
  it('is not complete where only evidence is left', async () => {
    expect(await ask(now - day - 1)).toMatchObject({ complete: false });
  });
  it.each([
    ['the future', now + 1, /in the future/],
    ['what is no longer kept', now - 2 * day - 1, /before what is kept/],
  ])('refuses %s and says why', async (_name, at, text) => {
    expect(await ask(at)).toEqual({ error: expect.stringMatching(text) });
  });
});
