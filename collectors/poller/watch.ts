import type { Logger } from 'pino';
import type { Device } from '../../config/model.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import { good, type Reading } from '../../core/reading.ts';
import { afterAnswer, afterFailure, unknownPresence, type Edge, type Presence } from './presence.ts';

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
  /** Lost without waiting for more: silent for too long, or its last will says so. */
  lose(why: string): void;
  count(counter: keyof Counters, by?: number): void;
  decodeErrors(count: number, what: string): void;
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
      ...counters,
    }),
  };
}
