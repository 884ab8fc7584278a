import type { Logger } from 'pino';
import type { Device } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import { type Driver, FieldError, type Poll, type RawValue } from '../drivers/driver.ts';
import { createCounters, toReadings } from '../profile/decode.ts';
import { onSilence } from '../../core/silence.ts';
import { createPlausibility } from '../profile/plausibility.ts';
import { stretchQuantity } from '../../config/schema/diagnostics.ts';
import { good, type Reading, type ReadingSink } from '../../core/reading.ts';
import { backoffMs, createWatch } from './watch.ts';

export interface PollerOptions {
  readonly clock: Clock;
  readonly sink: ReadingSink;
  readonly log: Logger;
  /** 0 ≤ random() < 1, for the jitter of backoff. */
  readonly random: () => number;
  /** Told at every awakening how long after its time it came: not the device's fault. */
  readonly onWake?: (lateMs: number) => void;
}

/** The polling of one device. */
export interface DevicePoller {
  /** Ends when the signal aborts and its last read has settled; closes the session. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Something has happened at the device: all of it is read as soon as possible, out of turn, and its grid stays as it is.
   * Many calls are one reading; during a reading, one more follows; a lost device is asked without waiting out its backoff.
   */
  nudge(): void;
  diagnostics(): DeviceDiagnostics;
}

/** The points of one interval, and when they are due. */
interface Round {
  readonly poll: Poll;
  readonly intervalMs: number;
  readonly hash: number;
  due: number;
  /** How long a poll may take: more where the device answers, but not in time. */
  patienceMs: number;
  /** How many intervals each of the last polls took. */
  took: readonly number[];
}

/** A device that nudges without end is read at most so often out of turn. */
const nudgeEveryMs = 1_000;

/**
 * One loop for a device: it asks the points of each interval when they are due, one request plan at a time, so polls of a
 * device never overlap, and nothing it suffers reaches another device.
 */
export function createDevicePoller(device: Device, driver: Driver, options: PollerOptions): DevicePoller {
  const { clock, sink, log, random, onWake } = options;
  const watch = createWatch(device, log);
  const counters = createCounters();
  const plausibility = createPlausibility(device);
  const session = driver.open(
    device,
    (fault) => watch.count(fault),
    (what) => watch.note(what),
  );
  const rounds = planRounds();
  let linkAt = -Infinity;
  /** A read has not settled, though it may have outlived its deadline. */
  let isReading = false;
  /** Of the reads: one that is never used for an abort serves them all. */
  let abort = new AbortController();
  /** Leaves a read that is under way to itself. */
  let giveUp = nothingToDo;
  const stretchPoint = device.diagnostics.find(({ quantity }) => quantity === stretchQuantity);
  let stretch = 1;
  let toldStretch = 1;
  let isNudged = false;
  let nudgedAt = -Infinity;
  /** Ends the loop's wait. */
  let wakeUp = nothingToDo;

  function planRounds(): Round[] {
    const intervals = new Set(device.points.map((point) => point.intervalMs));
    return [...intervals].map((intervalMs) => {
      const hash = stableHash(`${device.key} ${intervalMs}`);
      const poll = session.plan(device.points.filter((point) => point.intervalMs === intervalMs));
      return { poll, intervalMs, hash, due: 0, patienceMs: deadlineMs(intervalMs), took: [] };
    });
  }

  /** Every round, quickest first, until one fails; each keeps its place in its interval. */
  async function askAll(signal: AbortSignal): Promise<void> {
    isNudged = false;
    nudgedAt = clock.monotonic();
    for (const round of rounds.toSorted((a, b) => a.intervalMs - b.intervalMs)) {
      const { due } = round;
      await ask(round, signal);
      if (signal.aborted) return;
      const { state, failures } = watch.presence;
      if (state !== 'lost') {
        // Due as before, unless that was a backoff, or has passed meanwhile.
        const slot = slotAfter(clock.monotonic(), round.intervalMs, round.hash);
        round.due = due > clock.monotonic() ? Math.min(due, slot) : slot;
      }
      if (failures > 0) return;
    }
  }

  async function ask(round: Round, signal: AbortSignal): Promise<void> {
    const begun = clock.monotonic();
    watch.count('polls');
    if (isLate(round.due, begun, round.intervalMs)) watch.count('late');
    const outcome = await readWithin(round, (raws) => {
      if (signal.aborted) return;
      watch.answer(clock.now());
      deliver(raws);
    });
    if (signal.aborted) return;
    const now = clock.monotonic();
    if (outcome instanceof Error) {
      fail(round, outcome, now);
      return;
    }
    watch.answer(clock.now(), Math.round(now - begun));
    round.patienceMs = nextPatience(round, { tookMs: now - begun, isCut: outcome.some(isUnreached) });
    const next = nextDue(round.due, now, round.intervalMs, round.hash);
    const expected = stretchOf(round.took) - 1;
    round.took = [...round.took, 1 + next.skipped].slice(-pollsToStretch);
    watch.count('skipped', Math.max(0, next.skipped - expected));
    round.due = next.due;
    noteStretch(round, now - begun);
    deliver(outcome);
  }

  function noteStretch({ intervalMs }: Round, tookMs: number): void {
    stretch = Math.max(...rounds.map(({ took }) => stretchOf(took)));
    const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
    watch.stretch(
      stretch,
      `a poll took ${seconds(tookMs)}, its interval is ${seconds(intervalMs)}: values come every ${stretch} intervals; say "interval: slow" in the device's entry, or read less of it`,
    );
  }

  function deliver(raws: readonly RawValue[]): void {
    const { readings, decodeErrors } = toReadings(raws, clock.now(), counters);
    watch.decodeErrors(decodeErrors, `${decodeErrors} values of the last poll could not be decoded`);
    const marked = plausibility.mark(readings);
    const implausible = plausibility.note();
    if (implausible !== undefined) watch.note(implausible);
    emit([...marked]);
  }

  function fail(round: Round, error: Error, now: number): void {
    const kind = error instanceof FieldError ? error.kind : undefined;
    if (kind === 'timeout' || kind === 'busy') watch.count('timeouts');
    if (kind === 'busy') round.patienceMs = Math.min(2 * round.patienceMs, longestPatienceMs);
    watch.failure(error);
    const { state, failures } = watch.presence;
    const next = nextDue(round.due, now, round.intervalMs, round.hash);
    if (state === 'lost') {
      // All rounds wait: the device as a whole is not there.
      const retryAt = now + backoffMs(round.intervalMs, failures, random());
      for (const each of rounds) each.due = Math.max(each.due, retryAt);
    } else {
      watch.count('skipped', next.skipped);
      round.due = next.due;
    }
    // The points keep their last value and go stale by age; only the link says at once what happened.
    emit([]);
  }

  function emit(readings: Reading[]): void {
    const link = watch.linkReading(clock.now());
    if (link !== undefined) readings.push(link);
    linkAt = clock.monotonic();
    // At once: until when a value is fresh depends on it.
    if (stretch !== toldStretch && stretchPoint !== undefined)
      readings.push({ point: stretchPoint.index, at: clock.now(), value: stretch, quality: good });
    toldStretch = stretch;
    if (readings.length > 0) sink(readings);
  }

  /** A driver that ignores its signal must not hold the loop: the deadline counts here too. */
  function readWithin(
    round: Round,
    take: (raws: readonly RawValue[]) => void,
  ): Promise<readonly RawValue[] | Error> {
    if (isReading) return Promise.resolve(new FieldError('timeout', 'the previous poll has still not ended'));
    isReading = true;
    // A device that is lost answers nobody quickly: one that is only slow gets its chance.
    const limit =
      watch.presence.state === 'lost' ? Math.max(round.patienceMs, lostPatienceMs) : round.patienceMs;
    return new Promise((resolve) => {
      let takeBack = nothingToDo;
      let isOver = false;
      const outOfTime = (): FieldError => new FieldError('timeout', `no answer within ${limit} ms`);
      const settle = (outcome: readonly RawValue[] | Error): void => {
        isReading = false;
        isOver = true;
        takeBack();
        // What is over must not be held until the next poll: a thousand devices' values would outlive their use.
        giveUp = nothingToDo;
        resolve(outcome);
      };
      giveUp = () => {
        isOver = true;
        takeBack();
        abort.abort();
        abort = new AbortController();
        resolve(outOfTime());
      };
      // First the driver may give what it has.
      let isCut = false;
      const end = (): void => {
        isCut = true;
        abort.abort();
        abort = new AbortController();
        takeBack = clock.after(partialMs, giveUp);
      };
      takeBack = onSilence(clock, limit, end);
      round.poll
        .read(abort.signal, limit, (raws) => {
          if (!isOver) take(raws);
        })
        .then(settle, (error: unknown) =>
          settle(isCut && !(error instanceof FieldError) ? outOfTime() : asError(error)),
        );
    });
  }

  /** Until then (monotonic), or until something else is to be done. */
  function waitUntil(time: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        takeBack();
        wakeUp = nothingToDo;
        resolve();
      };
      const takeBack = clock.after(time - clock.monotonic(), wake);
      wakeUp = wake;
    });
  }

  function soonest(): Round | undefined {
    let first: Round | undefined;
    for (const round of rounds) if (first === undefined || round.due < first.due) first = round;
    return first;
  }

  return {
    async run(signal) {
      for (const round of rounds) round.due = firstDue(clock.monotonic(), round.intervalMs, round.hash);
      const stop = (): void => {
        giveUp();
        wakeUp();
      };
      signal.addEventListener('abort', stop, { once: true });
      while (!signal.aborted) {
        const round = soonest();
        if (round === undefined) break;
        // While a lost device waits out its backoff, its link goes on saying so.
        const linkDue = watch.presence.state === 'lost' ? linkAt + device.link.intervalMs : Infinity;
        const nudgeDue = isNudged ? nudgedAt + nudgeEveryMs : Infinity;
        const wake = Math.max(Math.min(round.due, linkDue, nudgeDue), clock.monotonic());
        await waitUntil(wake);
        if (signal.aborted) break;
        if (clock.monotonic() < wake) continue;
        onWake?.(clock.monotonic() - wake);
        if (clock.monotonic() >= nudgeDue) await askAll(signal);
        else if (clock.monotonic() >= round.due) await ask(round, signal);
        else emit([]);
      }
      session.close();
    },
    nudge() {
      if (isNudged) return;
      isNudged = true;
      wakeUp();
    },
    diagnostics: () => watch.diagnostics(),
  };
}

const nothingToDo = (): void => undefined;

function asError(error: unknown): Error {
  return error instanceof Error ? error : new FieldError('protocol', String(error));
}

/** When a device is asked: arithmetic on monotonic ms only, without a clock. */

/** 32-bit FNV-1a: the same number for the same text on every machine and at every start. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The whole estate is asked once within this time of the start; then each device keeps its own place in the interval. */
const firstRoundMs = 2_000;

/** First poll: soon, but spread, so that a start does not ask every device in the same instant. */
export function firstDue(startMs: number, intervalMs: number, hash: number): number {
  return startMs + (hash % Math.min(intervalMs, firstRoundMs));
}

/** The first slot of the device's grid (phase = hash mod interval) after `time`. */
export function slotAfter(time: number, intervalMs: number, hash: number): number {
  const phase = hash % intervalMs;
  return (Math.floor((time - phase) / intervalMs) + 1) * intervalMs + phase;
}

export interface Next {
  readonly due: number;
  /** Slots that passed while the last poll was still running. */
  readonly skipped: number;
}

/** Next slot after a poll that was due at `due` and ended `now`. Slots already past are skipped, never made up for. */
export function nextDue(due: number, now: number, intervalMs: number, hash: number): Next {
  // Half an interval of distance: from the first round onto the grid no device is asked twice at once.
  const planned = slotAfter(due + intervalMs / 2, intervalMs, hash);
  if (planned > now) return { due: planned, skipped: 0 };
  const next = slotAfter(now, intervalMs, hash);
  return { due: next, skipped: Math.round((next - planned) / intervalMs) };
}

/** Begun later than half an interval after it was due. */
export function isLate(due: number, now: number, intervalMs: number): boolean {
  return now - due > intervalMs / 2;
}

/** After the deadline, for what a driver has of a poll until then. */
const partialMs = 250;
const lostPatienceMs = 5_000;
/** A table of 45 requests to a card that needs 1.3 s for each is read in one go. */
const longestPatienceMs = 60_000;
/** One poll that takes long is chance, three are not. */
const pollsToStretch = 3;

/** What was not asked for before the deadline, or not answered. */
function isUnreached({ raw, reason }: RawValue): boolean {
  return raw === null && reason === 'timeout';
}

/** More time for a device that was cut off while it answered, and less again for one that needs little. Pure. */
export function nextPatience(
  { patienceMs, intervalMs }: { readonly patienceMs: number; readonly intervalMs: number },
  { tookMs, isCut }: { readonly tookMs: number; readonly isCut: boolean },
): number {
  if (isCut && tookMs >= 0.9 * patienceMs) return Math.min(2 * patienceMs, longestPatienceMs);
  const usual = deadlineMs(intervalMs);
  return !isCut && tookMs < patienceMs / 4 ? Math.max(usual, patienceMs / 2) : Math.max(usual, patienceMs);
}

/** How many intervals a poll takes, as far as that lasts. Pure. */
export function stretchOf(took: readonly number[]): number {
  return took.length < pollsToStretch ? 1 : Math.min(...took);
}

/** How long one poll may take, unless it is known to need more. */
export function deadlineMs(intervalMs: number): number {
  return Math.max(1_000, Math.min(intervalMs, 5_000));
}
