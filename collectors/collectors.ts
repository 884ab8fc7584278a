import type { Logger } from 'pino';
import type { Device, Model } from '../config/model.ts';
import type { Clock } from '../core/clock.ts';
import type { TrapPlace, TrapReceiver } from './drivers/snmp/traps/receiver.ts';
import type { LoopDelay } from './diagnostics/tally.ts';
import type { EventSink } from '../core/field-event.ts';
import type { ReadingSink } from '../core/reading.ts';

/** What a collector knows of one device; counters since start. Times are epoch ms, durations ms. */
export interface DeviceDiagnostics {
  readonly device: Device;
  readonly state: 'unknown' | 'ok' | 'lost';
  readonly lastAnswerAt: number | undefined;
  readonly latencyMs: number | undefined;
  readonly polls: number;
  readonly timeouts: number;
  readonly decodeErrors: number;
  /** Polls that began later than half an interval after they were due, and due times passed over altogether. */
  readonly late: number;
  readonly skipped: number;
  /** How many of its intervals a poll takes, as far as that lasts; 1: it is read in time. */
  readonly stretch: number;
  /** Its clock minus ours, ms; undefined: it tells no time, or none that could be trusted yet. */
  readonly clockOffsetMs: number | undefined;
  /** What came from it and could not be understood at all: datagrams, frames, messages. */
  readonly malformed: number;
  /** Answers that came from another address than the one asked: dropped. */
  readonly wrongSource: number;
  readonly lastError: string | undefined;
}

export interface Collectors {
  start(): void;
  diagnostics(): readonly DeviceDiagnostics[];
  /** Of the SNMP traps; undefined while nobody asked for them. */
  readonly traps?: Pick<TrapReceiver, 'counters' | 'problem'> | undefined;
  stop(): Promise<void>;
}

export interface CollectorOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly sink: ReadingSink;
  /** Where field events go; absent: they are not wanted. */
  readonly events?: EventSink | undefined;
  readonly log: Logger;
  /** Runs with the collectors; absent: how the process keeps up is not reported. */
  readonly loopDelay?: LoopDelay;
  /** Where SNMP traps are received; absent: nowhere. */
  readonly traps?: TrapPlace | undefined;
}
