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
  return new Watch(device, log);
}

/** A class, since there are thousands: as an object of functions each would take ten times the memory. */
class Watch implements DeviceWatch {
  readonly #device: Device;
  readonly #log: Logger;
  readonly #counters = { polls: 0, timeouts: 0, late: 0, skipped: 0, malformed: 0, wrongSource: 0 };
  #presence = unknownPresence;
  #decodeErrors = 0;
  #lastAnswerAt: number | undefined;
  #latencyMs: number | undefined;
  #lastError: string | undefined;
  #clockOffsetMs: number | undefined;
  #stretch = 1;

  constructor(device: Device, log: Logger) {
    this.#device = device;
    this.#log = log;
  }

  get presence(): Presence {
    return this.#presence;
  }

  answer(now: number, latencyMs?: number): void {
    this.#lastAnswerAt = now;
    this.#latencyMs = latencyMs ?? this.#latencyMs;
    // The rule, and nothing to change.
    if (this.#presence.state !== 'ok' || this.#presence.failures > 0) this.#step(afterAnswer(this.#presence));
  }

  failure(error: Error): void {
    this.#lastError = error.message;
    this.#step(afterFailure(this.#presence));
  }

  lose(why: string): void {
    this.#lastError = why;
    const { state, failures } = this.#presence;
    this.#step({ presence: { state: 'lost', failures }, edge: state === 'lost' ? undefined : 'lost' });
  }

  count(counter: keyof Counters, by = 1): void {
    this.#counters[counter] += by;
  }

  decodeErrors(count: number, what: string): void {
    this.#decodeErrors += count;
    if (count > 0) this.#lastError = what;
  }

  clock(offsetMs: number | undefined): void {
    const device = this.#device.key;
    if (isWrong(offsetMs) && !isWrong(this.#clockOffsetMs)) {
      const seconds = Math.round((offsetMs ?? 0) / 1_000);
      this.#lastError = `its clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}: live values hold at their arrival`;
      this.#log.warn({ device, seconds }, 'the clock of a device is wrong');
    } else if (!isWrong(offsetMs) && isWrong(this.#clockOffsetMs))
      this.#log.info({ device }, 'the clock of a device is right again');
    this.#clockOffsetMs = offsetMs;
  }

  stretch(factor: number, what: string): void {
    const device = this.#device.key;
    if (factor > 1) this.#lastError = what;
    if (factor > 1 && this.#stretch === 1)
      this.#log.warn({ device, what }, 'a device cannot be read in its interval');
    else if (factor === 1 && this.#stretch > 1)
      this.#log.info({ device }, 'a device is read in its interval again');
    this.#stretch = factor;
  }

  note(what: string): void {
    this.#lastError = what;
  }

  linkReading(now: number): Reading | undefined {
    const { state } = this.#presence;
    if (state === 'unknown') return undefined;
    return { point: this.#device.link.index, at: now, value: state === 'ok' ? 1 : 0, quality: good };
  }

  diagnostics(): DeviceDiagnostics {
    return {
      device: this.#device,
      state: this.#presence.state,
      lastAnswerAt: this.#lastAnswerAt,
      latencyMs: this.#latencyMs,
      decodeErrors: this.#decodeErrors,
      lastError: this.#lastError,
      stretch: this.#stretch,
      clockOffsetMs: this.#clockOffsetMs,
      ...this.#counters,
    };
  }

  #step(next: { presence: Presence; edge: Edge | undefined }): void {
    const device = this.#device.key;
    this.#presence = next.presence;
    if (next.edge === 'lost') this.#log.warn({ device, error: this.#lastError }, 'device lost');
    if (next.edge === 'recovered') this.#log.info({ device }, 'device recovered');
  }
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
