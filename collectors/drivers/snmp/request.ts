import { element, oidBytes, tags } from './ber.ts';
import { FieldError } from '../driver.ts';

export type CommunityVersion = '1' | '2c';
export const versionNumber: Readonly<Record<CommunityVersion, number>> = { '1': 0, '2c': 1 };

/** Where the contents of an OID lie in a buffer. */
export interface OidPlace {
  readonly bytes: Buffer;
  readonly at: number;
  readonly length: number;
}

/** A request encoded once: only its id is written again each time. */
export interface Request {
  readonly datagram: Buffer;
  readonly idAt: number;
  /** What was asked, in the datagram itself. */
  readonly asked: readonly OidPlace[];
}

/** Ids of exactly four bytes: as many as fit, and every one is written in place. */
export const firstId = 0x01_00_00_00;
export const lastId = 0x7f_ff_ff_ff;

const pduTags = { get: 0xa0, getNext: 0xa1, getBulk: 0xa5 } as const;
const small = (value: number): Buffer => element(tags.integer, Buffer.from([value]));

export interface RequestSpec {
  readonly version: CommunityVersion;
  readonly community: string;
  readonly kind: keyof typeof pduTags;
  readonly oids: readonly string[];
  /** Of a GETBULK, 1 … 127. */
  readonly repetitions?: number;
}

export function encodeRequest({ version, community, kind, oids, repetitions = 0 }: RequestSpec): Request {
  const names = oids.map(oidBytes);
  const varbinds = names.map((name) => element(tags.sequence, element(tags.oid, name), element(tags.null)));
  const list = element(tags.sequence, ...varbinds);
  const id = Buffer.alloc(4);
  id.writeInt32BE(firstId);
  const pdu = element(pduTags[kind], element(tags.integer, id), small(0), small(repetitions), list);
  const head = [small(versionNumber[version]), element(tags.octets, Buffer.from(community, 'latin1'))];
  const made = element(tags.sequence, ...head, pdu);
  // It is kept as long as the device. In the pool of small buffers it would hold the 8 kB that its parts were made in: 13 MB for the estate.
  const datagram = Buffer.alloc(made.length);
  made.copy(datagram);
  // Counted from the end, where every length is known.
  let at = datagram.length - list.length - 10;
  const idAt = at;
  at = datagram.length - varbinds.reduce((sum, { length }) => sum + length, 0);
  const asked = names.map((name, position): OidPlace => {
    const end = (at += varbinds[position]?.length ?? 0);
    return { bytes: datagram, at: end - 2 - name.length, length: name.length };
  });
  return { datagram, idAt, asked };
}

/** Routers on the way may drop what does not fit one frame. */
const maxRequestBytes = 1_400;
/** Beside the varbinds; v3 writes its engine, user and digest. */
const headBytes = 300;
const varbindBytes = 8;

/** Requests of at most so many OIDs that stay below 1,400 bytes. */
export function splitRequests(oids: readonly string[], count: number): string[][] {
  const requests: string[][] = [];
  let room = 0;
  for (const oid of oids) {
    const size = varbindBytes + oidBytes(oid).length;
    const last = requests.at(-1);
    if (last === undefined || last.length >= count || size > room) {
      requests.push([oid]);
      room = maxRequestBytes - headBytes - size;
    } else {
      last.push(oid);
      room -= size;
    }
  }
  return requests;
}

/** error-status of an answer, as far as it matters here. */
export const tooBigStatus = 1;

/** The agent answered that it will not answer this; asking for less may help. */
export class AgentError extends Error {
  readonly tooBig: boolean;
  constructor(status: number) {
    super(`the agent answered with error ${status}`);
    this.name = 'AgentError';
    this.tooBig = status === tooBigStatus;
  }
}

/** The code of a system's error ("ENETUNREACH"). */
export function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** One at a time, in the order of asking: a caller that is done joins the end of the queue with its next request. */
export class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /** Begins now or when it is one's turn; `leave` is due afterwards. */
  enter(begin: () => void): void {
    if (this.#taken) this.#waiting.push(begin);
    else {
      this.#taken = true;
      begin();
    }
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }

  /** Gives up a place in the queue. */
  withdraw(begin: () => void): void {
    const place = this.#waiting.indexOf(begin);
    if (place >= 0) this.#waiting.splice(place, 1);
  }
}

/** When a conversation ends at the latest: at a moment of the monotonic clock, or when its signal aborts. */
export class Deadline {
  at: number;
  readonly #signal: AbortSignal;
  readonly #abort = (): void => this.#stop?.();
  #stop: (() => void) | undefined;

  constructor(signal: AbortSignal, ms: number) {
    this.at = performance.now() + ms;
    this.#signal = signal;
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** The next conversation under the same signal has as long. */
  restart(ms: number): void {
    this.at = performance.now() + ms;
  }

  /** What may come to nothing gets half of the time that is left. */
  async half<T>(run: () => Promise<T>): Promise<T> {
    const end = this.at;
    this.at -= (end - performance.now()) / 2;
    try {
      return await run();
    } finally {
      this.at = end;
    }
  }

  isUnder(signal: AbortSignal): boolean {
    return this.#signal === signal;
  }

  get passed(): boolean {
    return this.#signal.aborted || performance.now() >= this.at;
  }

  /** What has to end at once when the signal aborts: the one request under way, or nothing. */
  ends(stop: (() => void) | undefined): void {
    this.#stop = stop;
  }

  /** The promise, or FieldError `timeout` as soon as the signal aborts; what comes later is nobody's. */
  limit<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.passed) reject(deadlinePassed());
      this.ends(() => reject(deadlinePassed()));
      promise.then(resolve, reject).finally(() => this.ends(undefined));
    });
  }

  release(): void {
    this.#signal.removeEventListener('abort', this.#abort);
  }
}

/** Runs with a deadline that is released afterwards, so that a signal used for years gathers no listeners. */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(signal, ms);
  try {
    return await run(deadline);
  } finally {
    deadline.release();
  }
}

export function deadlinePassed(): FieldError {
  return new FieldError('timeout', 'the deadline passed');
}
