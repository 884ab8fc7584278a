import { FieldError } from '../driver.ts';
import type { Ask, Connection, DialOptions } from './connection.ts';

/** How a gateway or a line is reached. */
export interface Way {
  /** Dials once. Rejects with FieldError. */
  readonly dial: (options: DialOptions) => Promise<Connection>;
  readonly framing: 'tcp' | 'rtu';
}

/** What a device needs of its gateway, ms; the most patient of all devices behind it decides. */
interface Pace {
  readonly pauseAfterConnectMs: number;
  /** Between an answer and the next request. */
  readonly pauseBetweenMs: number;
}

/** One connection, shared by all units behind a host and port, or on a serial line. */
export interface Gateway {
  /** A device that is read through it. */
  join(pace: Pace): Member;
}

interface Member {
  /** Bytes of one answer. Rejects with ModbusException or FieldError. */
  read(ask: Ask): Promise<Buffer>;
  /** No other device is read through this gateway. */
  isAlone(): boolean;
  /** Idempotent. When the last has left, the connection is closed and what still waits is refused. */
  leave(): void;
}

interface Job {
  readonly unit: number;
  readonly canWait: boolean;
  readonly ask: Ask;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (reason: unknown) => void;
  /** Of a job that has to wait: to be called when it does no longer. */
  waitIsOver?: () => void;
}

/**
 * One request at a time, in turns between the units, so that a unit that is dead costs the others one of its timeouts and
 * no more. After a fault the next request gets a fresh connection; a dial that fails fails for all who wait, since they
 * share it.
 * @param now monotonic, ms
 */
export function createGateway(way: Way, options: { now: () => number; onEmpty: () => void }): Gateway {
  const { now, onEmpty } = options;
  const members = new Set<Pace>();
  const turns = createTurns<Job>();
  let connection: Connection | undefined;
  let running = false;
  let quietUntil = 0;
  let wake = (): void => undefined;

  async function run(): Promise<void> {
    running = true;
    while (turns.size > 0) {
      const time = now();
      const dueIn = Math.max(quietUntil - time, turns.dueIn(time));
      if (dueIn > 0) {
        await pause(dueIn);
        continue;
      }
      const job = turns.next(time);
      if (job === undefined) continue;
      job.waitIsOver?.();
      if (job.ask.signal.aborted) job.reject(noTurn());
      else await serve(job);
    }
    running = false;
  }

  /** Ends early when a request comes in: its unit may be free. */
  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => undefined;
  }

  async function serve({ ask, resolve, reject }: Job): Promise<void> {
    const wasOpen = connection?.usable === true;
    const outcome = await attempt(ask);
    // What a device closed while nobody asked is no fault of the one who asks next.
    const isStale = wasOpen && outcome instanceof FieldError && outcome.kind === 'refused';
    const final = isStale && !ask.signal.aborted ? await attempt(ask) : outcome;
    if (final instanceof Error) reject(final);
    else resolve(final);
    // A late answer in RTU says neither when nor where it was asked for: its unit rests until none can come.
    if (
      way.framing === 'rtu' &&
      final instanceof FieldError &&
      (final.kind === 'timeout' || final.kind === 'protocol')
    )
      turns.rest(ask.unit, now() + ask.timeoutMs);
    quietUntil = now() + longest('pauseBetweenMs');
  }

  async function attempt(ask: Ask): Promise<Buffer | Error> {
    let open = connection?.usable === true ? connection : undefined;
    if (open === undefined) {
      try {
        const { timeoutMs, signal } = ask;
        open = await way.dial({ timeoutMs, signal, pauseMs: longest('pauseAfterConnectMs') });
      } catch (error) {
        // An abort is this job's alone; anything else is true for the gateway.
        if (!ask.signal.aborted) refuseAll(error);
        return asError(error);
      }
      connection = open;
      if (members.size === 0) open.close();
    }
    return await open.read(ask).catch(asError);
  }

  function refuseAll(error: unknown): void {
    for (const job of turns.clear()) {
      job.waitIsOver?.();
      job.reject(error);
    }
  }

  /** For as long as it waits for its turn. */
  function withdrawOnAbort(job: Job): void {
    const { signal } = job.ask;
    const withdraw = (): void => {
      if (turns.remove(job)) job.reject(noTurn());
    };
    signal.addEventListener('abort', withdraw, { once: true });
    job.waitIsOver = () => signal.removeEventListener('abort', withdraw);
  }

  function longest(pause: keyof Pace): number {
    return Math.max(0, ...[...members].map((pace) => pace[pause]));
  }

  return {
    join(pace) {
      const own = { ...pace };
      members.add(own);
      return {
        async read(ask) {
          if (!members.has(own)) throw new FieldError('refused', 'closed');
          return new Promise<Buffer>((resolve, reject) => {
            const job: Job = { unit: ask.unit, canWait: ask.canWait === true, ask, resolve, reject };
            turns.add(job);
            wake();
            if (!running) void run();
            // Mostly the line is free and it has begun.
            if (turns.has(job)) withdrawOnAbort(job);
          });
        },
        isAlone: () => members.size === 1,
        leave() {
          if (!members.delete(own) || members.size > 0) return;
          onEmpty();
          connection?.close();
          refuseAll(new FieldError('refused', 'closed'));
          wake();
        },
      };
    },
  };
}

function noTurn(): FieldError {
  return new FieldError('busy', 'no turn on the gateway before the deadline');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new FieldError('protocol', String(error));
}

/** A job that can wait has its turn after so many others at the latest: a line that is always busy must not starve it. */
const mostAhead = 3;

/** Who is served next, when many wait for one line. */
interface Turns<Job> {
  readonly size: number;
  add(job: Job): void;
  /** The unit is not served before this time; others are. */
  rest(unit: number, until: number): void;
  /** How long until somebody may be served, ms; 0: now. */
  dueIn(now: number): number;
  /** Of the units that wait, the one whose turn is the longest ago; of its jobs, the first. Jobs that can wait come after the others. */
  next(now: number): Job | undefined;
  /** It still waits. */
  has(job: Job): boolean;
  /** False: it did not wait. */
  remove(job: Job): boolean;
  /** All who wait, who then wait no more. */
  clear(): Job[];
}

function createTurns<Job extends { readonly unit: number; readonly canWait: boolean }>(): Turns<Job> {
  let waiting: Job[] = [];
  /** How many were served while one that can wait did. */
  let ahead = 0;
  const resting = new Map<number, number>();
  /** Unit → number of its last turn. */
  const served = new Map<number, number>();
  let turn = 0;

  const restUntil = (job: Job): number => resting.get(job.unit) ?? 0;
  return {
    get size() {
      return waiting.length;
    },
    add: (job) => void waiting.push(job),
    rest: (unit, until) => void resting.set(unit, until),
    dueIn: (now) => Math.max(0, Math.min(...waiting.map(restUntil)) - now),
    next(now) {
      const pressing = longestAgo(now, false);
      const patient = longestAgo(now, true);
      const best = ahead < mostAhead ? (pressing ?? patient) : (patient ?? pressing);
      if (best === undefined) return undefined;
      ahead = patient === undefined || best === patient ? 0 : ahead + 1;
      this.remove(best);
      resting.delete(best.unit);
      served.set(best.unit, (turn += 1));
      return best;
    },
    has: (job) => waiting.includes(job),
    remove(job) {
      const before = waiting.length;
      waiting = waiting.filter((each) => each !== job);
      return waiting.length < before;
    },
    clear: () => waiting.splice(0),
  };

  function longestAgo(now: number, canWait: boolean): Job | undefined {
    let best: Job | undefined;
    for (const job of waiting)
      if (
        job.canWait === canWait &&
        restUntil(job) <= now &&
        (best === undefined || lastTurn(job) < lastTurn(best))
      )
        best = job;
    return best;
  }

  function lastTurn(job: Job): number {
    return served.get(job.unit) ?? 0;
  }
}
