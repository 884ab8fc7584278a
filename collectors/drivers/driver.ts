import type { Device, Point } from '../../config/model.ts';
import type { Reason } from '../../core/reading.ts';

/** A raw value as the device reported it, before the profile makes a reading of it (`profile/decode`). */
export interface RawValue {
  readonly point: Point;
  /** Octet strings as Latin-1 text, OIDs as dotted text, 64-bit integers as bigint; null: not answered. */
  readonly raw: number | bigint | string | null;
  /** Factor, and unit, that cells beside the value say about it. */
  readonly scale?: number;
  readonly from?: '°F';
  /** Where it stood (an OID), where it was found out at the device; for people, see `probe`. */
  readonly source?: string;
  /** Why `raw` is null, if it is: noSuchObject and the like are `no-value`. */
  readonly reason?: Reason;
  /** The same in words, where the device reported more than a number; for people, see `probe`. */
  readonly note?: string;
  /** Source time where the device reports it, epoch ms; else the time of the answer. */
  readonly at?: number;
}

/** What a driver noticed besides values; counted under the device (`DeviceDiagnostics`). */
export type Fault = 'malformed' | 'wrongSource';

/** A driver validates at `open` and never dials there; sockets come with the first read. */
export interface Driver {
  /** `onNote`: what is wrong, for people; shown as the device's last error. */
  open(device: Device, onFault?: (fault: Fault) => void, onNote?: (what: string) => void): Session;
}

/** One device's conversation. */
export interface Session {
  /** Plans the requests for these points once; the poller keeps the poll. */
  plan(points: readonly Point[]): Poll;
  /** Idempotent. */
  close(): void;
}

export interface Poll {
  /**
   * Reads once, within this time (ms; absent: the driver's own). Rejects with FieldError when nothing could be read; a partial answer is
   * an answer, also when the signal aborts.
   * @param early is given values that are certain while others still need requests of their own; what it was given is not returned
   */
  read(
    signal: AbortSignal,
    withinMs?: number,
    early?: (values: readonly RawValue[]) => void,
  ): Promise<readonly RawValue[]>;
}

/** Why a device could not be read, by what the caller should do: all of these are tried again with backoff. */
export class FieldError extends Error {
  /** `busy`: others took all the time there was, so nobody knows whether the device is there. */
  readonly kind: 'timeout' | 'refused' | 'protocol' | 'busy';
  constructor(kind: FieldError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FieldError';
    this.kind = kind;
  }
}
