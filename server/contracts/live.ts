import type { IncidentSummary } from './incidents.ts';

export const livePath = '/live';
/** Points that one client may watch. */
export const watchLimit = 60_000;

/**
 * The socket: `io(url, { path: livePath })` of socket.io-client, with the cookie of the session or
 * `auth: { token }`. Refused: `connect_error` with message `unauthorized`. When session or token ends, the server
 * disconnects (`io server disconnect`): sign in again. A client names the points it shows (`watch`); it gets them all at once, then what
 * changed. Positions are places in the client's own list. Parallel arrays keep 3,000 values small.
 */
export interface LiveValues {
  /** Place in the watched list. */
  readonly position: readonly number[];
  /** null when bad. */
  readonly value: readonly (number | null)[];
  /** Source time, epoch ms; 0 when never read. */
  readonly at: readonly number[];
  /** Code of quality and reason (`core/reading`). */
  readonly quality: readonly number[];
  /** Of derived values that miss a part now: the last whole value and its time, by row of the lists above. Absent when there is none. */
  readonly whole?: {
    readonly row: readonly number[];
    readonly value: readonly number[];
    readonly at: readonly number[];
  };
}

/** Once a second: proves that server and connection are alive. */
export interface Beat {
  readonly serverTime: number;
  /** Sample-to-server-send latency over the last minute, ms; null before there is any. */
  readonly latency: { readonly p50: number; readonly p99: number } | null;
  readonly openIncidents: number;
}

export interface ServerToClient {
  values: (values: LiveValues) => void;
  beat: (beat: Beat) => void;
  /** The incident as it is now: opened, changed or resolved. */
  incident: (incident: IncidentSummary) => void;
}

/** `unknown`: places of ids that the configuration does not have (some of them); their values are never read. */
export type WatchReply =
  | {
      readonly values: LiveValues;
      readonly unknown?: readonly { readonly position: number; readonly message: string }[];
    }
  | { readonly error: string };

/** `complete`: false when only readings kept as evidence are left of that time. */
export type PastReply =
  | { readonly at: number; readonly complete: boolean; readonly values: LiveValues }
  | { readonly error: string };

export interface ClientToServer {
  /** From a wall (role `wall`), every 10 s while it paints: frames since its last report. */
  painted: (frames: number) => void;
  /**
   * What points were at a time (epoch ms), for a replay; positions are places in this list. null: the list of the last question on this
   * connection. One question at a time.
   */
  past: (at: number, points: readonly string[] | null, answer: (reply: PastReply) => void) => void;
  /** Replaces what this client watches; answers with the values of now, or what was wrong. */
  watch: (points: readonly string[], answer: (reply: WatchReply) => void) => void;
}
