/** When an edge node was last asked to tell everything anew, and how long it is left alone after that. Monotonic ms and ms. */
export interface Pace {
  readonly askedAt?: number;
  readonly waitMs: number;
}

const firstWaitMs = 10_000;
const longestWaitMs = 600_000;

export const unasked: Pace = { waitMs: 0 };

export function mayAsk({ askedAt, waitMs }: Pace, now: number): boolean {
  return askedAt === undefined || now - askedAt >= waitMs;
}

/** Each wait is twice the last: a node that never gets its numbers right is not kept busy. A quiet time begins anew. */
export function afterAsking({ askedAt, waitMs }: Pace, now: number): Pace {
  const calm = askedAt === undefined || now - askedAt > 2 * longestWaitMs;
  return { askedAt: now, waitMs: calm ? firstWaitMs : Math.min(2 * waitMs, longestWaitMs) };
}

/** `Node Control/Rebirth` = true as the standard's command to an edge node. */
export function rebirthCommand(now: number): Buffer {
  const time = varint(now);
  const name = Buffer.from('Node Control/Rebirth');
  const metric = Buffer.from([0x0a, name.length, ...name, 0x18, ...time, 0x20, 11, 0x70, 1]);
  return Buffer.from([0x08, ...time, 0x12, metric.length, ...metric]);
}

function varint(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low | 0x80, ...varint(Math.floor(value / 128))];
}
