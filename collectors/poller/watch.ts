import type { Logger } from 'pino';
import type { Device } from '../../config/model.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import { type Reading, good } from '../../core/reading.ts';
import { wrongClockS } from '../../core/source-clock.ts';

type Counters = Pick<
  DeviceDiagnostics,
  'polls' | 'timeouts' | 'late' | 'skipped' | 'malformed' | 'wrongSource'
>;

/** What is known of one device, whichever way its data comes. Times are epoch ms. */
export interface DeviceWatch {
  readonly presence: Presence;
  answer(now: number, latencyMs?: number): void;
  /** A poll failed: lost after three in a row. */
  failure(error: Error): void;
  /** Lost without waiting for more: silent for too long, or its last will reports it. */
  lose(why: string): void;
  count(counter: keyof Counters, by?: number): void;
  decodeErrors(count: number, what: string): void;
  /** Its clock minus ours as now known, ms. Logs edges. */
  clock(offsetMs: number | undefined): void;
  /** A poll takes so many of its intervals, as far as that lasts. Logs edges; `what`: for people. */
  stretch(factor: number, what: string): void;
  /** What is wrong, for people, without a change of state. */
  note(what: string): void;
  /** 1 answering, 0 lost; nothing while neither is known. */
  linkReading(now: number): Reading | undefined;
  diagnostics(): DeviceDiagnostics;
}

/** Logs edges, never levels: a device that stays lost is silent in the log. */
export function createWatch(device: Device, log: Logger): DeviceWatch {
  const counters = { polls: 0, timeouts: 0, late: 0, skipped: 0, malformed: 0, wrongSource: 0 };
  let presence = unknownPresence;
  let decodeErrors = 0;
  let lastAnswerAt: number | undefined;
  let latencyMs: number | undefined;
  let lastError: string | undefined;
  let clockOffsetMs: number | undefined;
  let stretch = 1;

  function step(next: { presence: Presence; edge: Edge | undefined }): void {
    presence = next.presence;
    if (next.edge === 'lost') log.warn({ device: device.key, error: lastError }, 'device lost');
    if (next.edge === 'recovered') log.info({ device: device.key }, 'device recovered');
  }

  return {
    get presence() {
      return presence;
    },
    answer(now, latency) {
      lastAnswerAt = now;
      latencyMs = latency ?? latencyMs;
      step(afterAnswer(presence));
    },
    failure(error) {
      lastError = error.message;
      step(afterFailure(presence));
    },
    lose(why) {
      lastError = why;
      step({
        presence: { state: 'lost', failures: presence.failures },
        edge: presence.state === 'lost' ? undefined : 'lost',
      });
    },
    count(counter, by = 1) {
      counters[counter] += by;
    },
    decodeErrors(count, what) {
      decodeErrors += count;
      if (count > 0) lastError = what;
    },
    clock(offsetMs) {
      if (isWrong(offsetMs) && !isWrong(clockOffsetMs)) {
        const seconds = Math.round((offsetMs ?? 0) / 1_000);
        lastError = `its clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}: live values hold at their arrival`;
        log.warn({ device: device.key, seconds }, 'the clock of a device is wrong');
      } else if (!isWrong(offsetMs) && isWrong(clockOffsetMs))
        log.info({ device: device.key }, 'the clock of a device is right again');
      clockOffsetMs = offsetMs;
    },
    stretch(factor, what) {
      if (factor > 1) lastError = what;
      if (factor > 1 && stretch === 1)
        log.warn({ device: device.key, what }, 'a device cannot be read in its interval');
      else if (factor === 1 && stretch > 1)
        log.info({ device: device.key }, 'a device is read in its interval again');
      stretch = factor;
    },
    note(what) {
      lastError = what;
    },
    linkReading(now) {
      if (presence.state === 'unknown') return undefined;
      return { point: device.link.index, at: now, value: presence.state === 'ok' ? 1 : 0, quality: good };
    },
    diagnostics: () => ({
      device,
      state: presence.state,
      lastAnswerAt,
      latencyMs,
      decodeErrors,
      lastError,
      stretch,
      clockOffsetMs,
      ...counters,
    }),
  };
}

function isWrong(offsetMs: number | undefined): boolean {
  return Math.abs(offsetMs ?? 0) > wrongClockS * 1_000;
}

/** Whether a device is there. Pure: results in, state and edges out. */
interface Presence {
  readonly state: 'unknown' | 'ok' | 'lost';
  /** Consecutive polls without an answer. */
  readonly failures: number;
}

type Edge = 'lost' | 'recovered' | 'found';

const unknownPresence: Presence = { state: 'unknown', failures: 0 };

/** One datagram may be lost and one gateway slow: three polls in a row are not chance. */
const failuresToLost = 3;
const capMs = 30_000;

function afterAnswer({ state }: Presence): { presence: Presence; edge: Edge | undefined } {
  const edge = state === 'ok' ? undefined : state === 'lost' ? 'recovered' : 'found';
  return { presence: { state: 'ok', failures: 0 }, edge };
}

function afterFailure({ state, failures }: Presence): { presence: Presence; edge: Edge | undefined } {
  const lost = failures + 1 >= failuresToLost;
  const presence: Presence = { state: lost ? 'lost' : state, failures: failures + 1 };
  return { presence, edge: lost && state !== 'lost' ? 'lost' : undefined };
}

/**
 * How long to wait after a failure, ms. Until it is lost a device keeps its interval, so that a loss is known soon; then
 * the wait doubles up to 30 s (or the interval, if longer) with ±20 % jitter: devices that fell together do not rise together.
 * @param random 0 ≤ random < 1
 */
export function backoffMs(intervalMs: number, failures: number, random: number): number {
  if (failures < failuresToLost) return intervalMs;
  const doubled = intervalMs * 2 ** Math.min(failures - failuresToLost + 1, 16);
  return Math.round(Math.min(doubled, Math.max(capMs, intervalMs)) * (0.8 + 0.4 * random));
}
