import { type RemoteInfo, type Socket, createSocket } from 'node:dgram';
import type { Logger } from 'pino';
import type { Device } from '../../../../config/model.ts';
import type { Clock } from '../../../../core/clock.ts';
import { type ReadingSink, good } from '../../../../core/reading.ts';
import { Engines, type ReceivedTrap, type Origin, type Unheard, headerOf } from './decode.ts';
import { type Lookup, type Sender, Senders, setsOf, systemLookup } from './senders.ts';
import { isIPv6 } from 'node:net';

/** Datagrams since start. */
interface TrapCounters {
  /** All that came. */
  readonly received: number;
  /** Traps that set a point. */
  readonly obeyed: number;
  /** Traps of known devices that only asked for a poll: nothing maps them, more than one device would, or they are old. */
  readonly polled: number;
  /** From an address where no device is. */
  readonly unknownSender: number;
  /** Of a community or user that the sender's devices do not have. */
  readonly refused: number;
  readonly malformed: number;
  /** Of a known sender that sends too many, or one of too many engines of v3 that are new: not looked at, but its devices are polled. */
  readonly dropped: number;
}

export interface TrapReceiver {
  /** Resolves with the port once it receives; undefined if it cannot: see `problem`. Never rejects. */
  start(): Promise<number | undefined>;
  counters(): TrapCounters;
  /** Why nothing is received, with the remedy. */
  problem(): string | undefined;
  stop(): Promise<void>;
}

export interface TrapOptions {
  readonly devices: readonly Device[];
  readonly place: TrapPlace;
  readonly clock: Clock;
  readonly sink: ReadingSink;
  readonly log: Logger;
  /** Asks for a poll of the device, as soon as possible. */
  readonly nudge: (device: Device) => void;
  readonly lookup?: Lookup;
  /** Where the keys of v3 stand. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const resolveEveryMs = 300_000;
/** A trap that many devices behind one address could have sent has so many of them polled. */
const mostPolled = 32;

/**
 * Receives SNMP traps and informs (v1, v2c, v3) of the devices. A trap sets what the profile of the one device reports that
 * sent it, and any trap has the device polled. Throws where a key of a v3 user is missing.
 */
export function createTrapReceiver(options: TrapOptions): TrapReceiver {
  const { clock, sink, log, nudge, lookup = systemLookup, env = process.env } = options;
  const counters = { received: 0, obeyed: 0, polled: 0, unknownSender: 0, refused: 0, malformed: 0, dropped: 0 }; // prettier-ignore
  const allowance = new Allowance();
  const engines = new Engines();
  const header = new Said();
  const ended = new AbortController();
  let socket: Socket | undefined;
  let problem: string | undefined;
  // The sender may be gone by now: an answer that cannot be sent is nobody's loss.
  const reply = (datagram: Buffer, { port, address }: Origin): void =>
    socket?.send(datagram, port, address, () => undefined);
  const senders = new Senders({ devices: options.devices, lookup, env, reply });

  function receive(datagram: Buffer, from: Origin): void {
    counters.received += 1;
    const sender = senders.at(from.address);
    if (sender === undefined) {
      counters.unknownSender += 1;
      logOnce(from, 'a trap from an address where no device is: ignored, as all that follow from there');
      return;
    }
    const may = allowance.take(from.address, clock.monotonic());
    if (may !== 'yes') {
      counters.dropped += 1;
      if (may === 'first') log.warn({ from: from.address }, 'a storm of traps: only some are looked at, and the device is polled'); // prettier-ignore
      poll(sender);
      return;
    }
    const header = headerOf(datagram);
    if (header === undefined) {
      ignore({ kind: 'malformed', why: 'it is no message of SNMP' }, from);
      return;
    }
    if (!engines.mayTry(header, clock.monotonic())) {
      counters.dropped += 1;
      logOnce(from, 'traps of too many engines that nobody knows: not looked at, and the device is polled');
      poll(sender);
      return;
    }
    const received = sender.ear.receive({ datagram, header, from });
    if (received.kind === 'trap') {
      engines.prove(header);
      obey(sender, received, from);
    } else if (received.kind !== 'question') ignore(received, from);
  }

  function obey(sender: Sender, received: Extract<ReceivedTrap, { kind: 'trap' }>, from: Origin): void {
    const addressed = { devices: sender.devices.filter(({ credentials }) => received.accepts(credentials)) };
    if (addressed.devices.length === 0) {
      ignore({ kind: 'refused', why: 'nobody is named' }, from);
      return;
    }
    const candidates = addressed.devices
      .map(({ device }) => ({ device, values: setsOf(device, received.trap) }))
      .filter(({ values }) => values.size > 0);
    const [only, ...others] = candidates;
    log.debug({ from: from.address, trap: received.trap.oid, devices: candidates.length }, 'trap');
    if (only === undefined || others.length > 0 || !received.isFresh) {
      counters.polled += 1;
      poll(addressed);
      return;
    }
    counters.obeyed += 1;
    const at = clock.now();
    sink([...only.values].map(([point, value]) => ({ point, at, value, quality: good })));
    nudge(only.device);
  }

  function ignore({ kind, why }: Unheard, from: Origin): void {
    counters[kind] += 1;
    logOnce(from, `a trap that is ${kind} (${why}): ignored, as all such from there`);
  }

  function poll({ devices }: Pick<Sender, 'devices'>): void {
    for (const { device } of devices.slice(0, mostPolled)) nudge(device);
  }

  function logOnce({ address }: Origin, what: string): void {
    if (header.isNew(`${address} ${what}`)) log.warn({ from: address }, what);
  }

  async function keepResolving(): Promise<void> {
    while (!ended.signal.aborted) {
      await senders.resolve();
      await clock.sleep(resolveEveryMs, ended.signal);
    }
  }

  return {
    start() {
      const onProblem = (line: string): void => {
        problem = line;
        log.error(line);
      };
      const opened = openTrapSocket({ ...options.place, onDatagram: receive, onProblem });
      socket = opened;
      void keepResolving();
      return new Promise((resolve) => {
        opened.once('listening', () => resolve(opened.address().port));
        opened.once('error', () => resolve(undefined));
      });
    },
    counters: () => ({ ...counters }),
    problem: () => problem,
    stop() {
      ended.abort();
      const open = socket;
      socket = undefined;
      return new Promise((resolve) => {
        if (open === undefined) resolve();
        else open.close(() => resolve());
      });
    },
  };
}

/** How many datagrams of a known sender are looked at in a second. */
export const datagramsPerSecond = 20;

interface Tally {
  readonly second: number;
  count: number;
  /** Whether the excess was logged already. */
  spoken: boolean;
}

/** Bounds what each of a known number of senders may cost. */
class Allowance {
  readonly #tallies = new Map<string, Tally>();

  /** Whether one more datagram may be looked at; `first`: the first too many, after a second without such. */
  take(sender: string, now: number): 'yes' | 'first' | 'no' {
    const second = Math.floor(now / 1_000);
    const known = this.#tallies.get(sender);
    if (known?.second !== second) {
      const goesOn = known?.second === second - 1 && known.count > datagramsPerSecond;
      this.#tallies.set(sender, { second, count: 1, spoken: goesOn });
      return 'yes';
    }
    known.count += 1;
    if (known.count <= datagramsPerSecond) return 'yes';
    if (known.spoken) return 'no';
    known.spoken = true;
    return 'first';
  }
}

/** What was logged already, so that it is logged once; after `most` different messages nothing more is logged. */
class Said {
  readonly #header = new Set<string>();
  readonly #most: number;

  constructor(most = 1_000) {
    this.#most = most;
  }

  isNew(what: string): boolean {
    if (this.#header.has(what) || this.#header.size >= this.#most) return false;
    this.#header.add(what);
    return true;
  }
}

export interface TrapPlace {
  /** 0: any free one. */
  readonly port: number;
  /** Absent: every address of IPv4; `::`: of both families. */
  readonly host?: string;
}

interface TrapSocketOptions extends TrapPlace {
  readonly onDatagram: (datagram: Buffer, from: RemoteInfo) => void;
  /** It does not receive, or no longer; one line with the remedy. */
  readonly onProblem: (line: string) => void;
}

/** A socket that listens for traps; what goes wrong with it is reported and never thrown. */
function openTrapSocket({ onDatagram, onProblem, ...place }: TrapSocketOptions): Socket {
  const { port, host = '0.0.0.0' } = place;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('message', onDatagram);
  socket.on('error', (error: NodeJS.ErrnoException) => onProblem(remedy(error, host, port)));
  socket.bind(port, host);
  return socket;
}

function remedy({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const head = `SNMP traps are not received: UDP port ${port} of ${host}`;
  if (code === 'EADDRINUSE')
    return `${head} is in use by another program (snmptrapd?); stop that one, or set PANTAU_TRAP_PORT to a free port and have the devices send there`;
  if (code === 'EACCES')
    return `${head} is not permitted to this user; grant it (CAP_NET_BIND_SERVICE), or set PANTAU_TRAP_PORT to a port above 1023 and have the devices send there`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${head} is no address of this machine; correct traps.host in pantau.yaml`;
  return `${head}: ${code ?? message}`;
}
