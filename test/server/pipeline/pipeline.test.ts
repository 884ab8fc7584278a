import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../../config/model.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import { describeQuality, good, type Reading } from '../../../core/reading.ts';
import { createPipeline } from '../../../server/pipeline/pipeline.ts';
import { modbusMeter } from '../../collectors/poller/meters.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { fieldModel } from '../../support/field.ts';

const hour = 3_600_000;
const day = 24 * hour;
const model = fieldModel([modbusMeter('a')]);
const point = model.points.find(({ source }) => source.from === 'device') ?? {
  index: 0,
  id: '',
  staleAfterMs: 0,
};

function running(clock = createFakeClock()) {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const pipeline = createPipeline({ model, clock, log });
  const kept: Reading[] = [];
  const streamed: Reading[] = [];
  pipeline.subscribe('store', { keep: (batch) => void kept.push(...batch) });
  pipeline.subscribe('page', { readings: (batch) => void streamed.push(...batch) });
  return {
    clock,
    pipeline,
    kept,
    streamed,
    lines,
    read: (value: number, at = clock.now()) =>
      pipeline.accept([{ point: point.index, at, value, quality: good }]),
    now: () => ({
      value: pipeline.current.value[point.index],
      at: pipeline.current.at[point.index],
      ...describeQuality(pipeline.current.quality[point.index] ?? good),
    }),
  };
}

describe('the wall clock', () => {
  it.each([
    ['an hour back', -hour],
    ['thirty days back', -30 * day],
    ['nine days ahead', 9 * day],
  ])('may step %s: new readings win, old ones go stale in their own time', async (_name, stepMs) => {
    const { clock, pipeline, read, now, kept } = running();
    read(1);
    clock.step(stepMs);
    await clock.advance(1_000);
    read(2);
    pipeline.tick();
    expect(now()).toMatchObject({ value: 2, at: clock.now(), quality: 'good' });
    expect(pipeline.stats().late).toBe(0);
    await clock.advance(point.staleAfterMs);
    pipeline.tick();
    expect(now()).toMatchObject({ quality: 'good' });
    await clock.advance(1_000);
    pipeline.tick();
    expect(now()).toMatchObject({ quality: 'bad', reason: 'stale' });
    expect(kept.map(({ value }) => value)).toEqual([1, 2]);
  });

  it('set back leaves no value with a time in the future, and an old one does not stay good', async () => {
    const { clock, pipeline, read, now } = running();
    read(1);
    await clock.advance(5_000);
    clock.step(-hour);
    pipeline.tick();
    expect(now()).toMatchObject({ at: clock.now() - 5_000, quality: 'good' });
    await clock.advance(point.staleAfterMs);
    pipeline.tick();
    expect(now()).toMatchObject({ quality: 'bad', reason: 'stale' });
  });

  it('set ahead does not make a source late that has a time of its own', async () => {
    const { clock, pipeline, read } = running();
    read(1);
    clock.step(hour);
    await clock.advance(1_000);
    read(2, clock.now() - hour);
    expect(pipeline.stats().late).toBe(0);
  });
});

describe('a reading', () => {
  it('from the future is kept and shown as of now, counted by its source, and holds off nothing', async () => {
    const { clock, pipeline, read, now, kept } = running();
    read(1, clock.now() + 9 * 365 * day);
    expect(kept).toMatchObject([{ value: 1, at: clock.now() }]);
    expect(pipeline.ahead()).toEqual([{ source: 't/a', count: 1, byMs: 9 * 365 * day, isRecent: true }]);
    await clock.advance(1_000);
    read(2);
    expect(now()).toMatchObject({ value: 2, at: clock.now(), quality: 'good' });
    await clock.advance(hour);
    expect(pipeline.ahead()).toMatchObject([{ isRecent: false }]);
  });

  it('older than what is known is kept and not shown', async () => {
    const { clock, pipeline, read, now, kept, streamed } = running();
    read(1);
    read(0, clock.now() - 10_000);
    expect(now().value).toBe(1);
    expect(pipeline.stats()).toEqual({ accepted: 2, late: 1 });
    expect([kept.length, streamed.length]).toEqual([2, 1]);
  });

  it('of now wins after a restart over one that was stored by a clock that was ahead', async () => {
    const { clock, pipeline, read, now } = running();
    pipeline.restore(new Map([[point.id, { at: clock.now() + 9 * day, value: 1 }]]));
    expect(now()).toMatchObject({ value: 1, at: clock.now(), reason: 'stale' });
    // Also where the source's own clock is a little behind ours.
    read(2, clock.now() - 3_000);
    expect(now()).toMatchObject({ value: 2, at: clock.now() - 3_000, quality: 'good' });
    expect(pipeline.stats().late).toBe(0);
  });
});

describe('a consumer that throws', () => {
  it('is counted, logged once, shown while it is recent, and harms neither others nor whoever brings readings', async () => {
    const { clock, pipeline, read, streamed, lines } = running();
    const bad = (): never => {
      throw new Error('no calendar for 2027');
    };
    pipeline.subscribe('alarms', { readings: bad, tick: bad, events: bad });
    const ticks: number[] = [];
    pipeline.subscribe('last', { tick: (now) => void ticks.push(now) });
    for (let second = 0; second < 5; second += 1) {
      read(second);
      pipeline.tick();
      await clock.advance(1_000);
    }
    expect(streamed).toHaveLength(5);
    expect(ticks).toHaveLength(5);
    expect(lines.filter((line) => line.includes('alarms failed'))).toHaveLength(1);
    const state = () => pipeline.consumers().find(({ name }) => name === 'alarms');
    expect(state()).toEqual({ name: 'alarms', failures: 10, problem: 'no calendar for 2027' });
    await clock.advance(61_000);
    expect(state()).toEqual({ name: 'alarms', failures: 10, problem: undefined });
  });

  it('gets nothing more once it has unsubscribed', () => {
    const { pipeline, read } = running();
    const seen: number[] = [];
    const unsubscribe = pipeline.subscribe('guest', { readings: (batch) => void seen.push(batch.length) });
    read(1);
    unsubscribe();
    read(2);
    expect(seen).toEqual([1]);
  });
});

it('passes field events on to who wants them, none with a time in the future', () => {
  const { clock, pipeline } = running();
  const seen: FieldEvent[] = [];
  pipeline.subscribe('access', { events: (batch) => void seen.push(...batch) });
  const event = {
    id: '1',
    source: 't/door',
    at: clock.now() + day,
    kind: 'badge',
    attributes: { card: '17' },
  };
  pipeline.acceptEvents([event]);
  expect(seen).toMatchObject([
    { id: '1', at: clock.now(), attributes: { card: '17', 'time-flag': 'clock-ahead' } },
  ]);
  expect(pipeline.ahead()).toMatchObject([{ source: 't/door', count: 1 }]);
});

describe('a lost device', () => {
  const link = model.devices[0]?.link.index ?? -1;
  const device = (name: 'ok' | 'lost', at: number): Reading => ({
    point: link,
    at,
    value: name === 'ok' ? 1 : 0,
    quality: good,
  });

  it('leaves its values stale at once, and their first reading after it makes them good again', async () => {
    const { clock, pipeline, read, now, streamed } = running();
    read(1);
    await clock.advance(2_000);
    pipeline.accept([device('lost', clock.now())]);
    pipeline.tick();
    expect(now()).toMatchObject({ value: 1, reason: 'stale' });
    expect(streamed.at(-1)).toMatchObject({ point: point.index, value: 1 });
    await clock.advance(2_000);
    read(2);
    pipeline.tick();
    expect(now()).toMatchObject({ value: 2, quality: 'good' });
  });
});

describe('between two ticks', () => {
  it('what has few inputs is derived, what has many waits for the tick', () => {
    const inputs = model.points.filter(({ source }) => source.from === 'device').map(({ index }) => index);
    const sum = (index: number, of: readonly number[]): Point => ({
      ...(model.points[0] ?? raise('no point')),
      index,
      id: `t/sum-${index}`,
      source: { from: 'formula', formula: { kind: 'sum', inputs: [...of], step: 1, skewMs: 30_000 } },
    });
    const [small, large] = [model.points.length, model.points.length + 1];
    const clock = createFakeClock();
    const at = clock.now();
    const pipeline = createPipeline({
      model: {
        ...model,
        points: [
          ...model.points,
          sum(small, inputs.slice(0, 2)),
          sum(large, [...inputs, ...inputs, ...inputs]),
        ],
      },
      clock,
      log: pino({ level: 'silent' }),
    });
    const derived: Reading[] = [];
    const kept: Reading[] = [];
    pipeline.subscribe('page', { readings: (batch) => void derived.push(...batch.filter(({ point: of }) => of >= small)) }); // prettier-ignore
    pipeline.subscribe('store', { keep: (batch) => void kept.push(...batch.filter(({ point: of }) => of >= small)) }); // prettier-ignore
    pipeline.accept(inputs.map((index) => ({ point: index, at, value: 1, quality: good })));
    pipeline.deriveSmall();
    expect(derived).toMatchObject([{ point: small, at, value: 2, quality: good }]);
    pipeline.deriveSmall();
    expect(derived).toHaveLength(1);
    pipeline.tick();
    expect(derived.slice(1)).toMatchObject([{ point: large, at, value: 3 * inputs.length, quality: good }]);
    expect(kept).toEqual(derived);
  });
});

function raise(message: string): never {
  throw new Error(message);
}
