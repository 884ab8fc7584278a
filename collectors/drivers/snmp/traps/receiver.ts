import type { Socket } from 'node:dgram';
import type { Logger } from 'pino';
import type { Device } from '../../../../config/model.ts';
import type { Clock } from '../../../../core/clock.ts';
import { good, type ReadingSink } from '../../../../core/reading.ts';
import { Allowance, Said } from './bounds.ts';
import type { Heard, Origin, Unheard } from './ear.ts';
import { Engines } from './engines.ts';
import { headerOf } from './header.ts';
import { Senders, systemLookup, type Lookup, type Sender } from './senders.ts';
import { setsOf } from './sets.ts';
import { openTrapSocket, type TrapPlace } from './socket.ts';

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
 * Receives SNMP traps and informs (v1, v2c, v3) of the devices. A trap sets what the profile of the one device says that
 * sent it, and whatever it says has the device polled. Throws where a key of a v3 user is missing.
 */
export function createTrapReceiver(options: TrapOptions): TrapReceiver {
  const { clock, sink, log, nudge, lookup = systemLookup, env = process.env } = options;
  const counters = { received: 0, obeyed: 0, polled: 0, unknownSender: 0, refused: 0, malformed: 0, dropped: 0 }; // prettier-ignore
  const allowance = new Allowance();
  const engines = new Engines();
  const said = new Said();
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
      say(from, 'a trap from an address where no device is: ignored, as all that follow from there');
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
      say(from, 'traps of too many engines that nobody knows: not looked at, and the device is polled');
      poll(sender);
      return;
    }
    const heard = sender.ear.hear({ datagram, header, from });
    if (heard.kind === 'trap') {
      engines.prove(header);
      obey(sender, heard, from);
    } else if (heard.kind !== 'question') ignore(heard, from);
  }

  function obey(sender: Sender, heard: Extract<Heard, { kind: 'trap' }>, from: Origin): void {
    const addressed = { devices: sender.devices.filter(({ credentials }) => heard.accepts(credentials)) };
    if (addressed.devices.length === 0) {
      ignore({ kind: 'refused', why: 'nobody is named' }, from);
      return;
    }
    const candidates = addressed.devices
      .map(({ device }) => ({ device, values: setsOf(device, heard.trap) }))
      .filter(({ values }) => values.size > 0);
    const [only, ...others] = candidates;
    log.debug({ from: from.address, trap: heard.trap.oid, devices: candidates.length }, 'trap');
    if (only === undefined || others.length > 0 || !heard.isFresh) {
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
    say(from, `a trap that is ${kind} (${why}): ignored, as all such from there`);
  }

  function poll({ devices }: Pick<Sender, 'devices'>): void {
    for (const { device } of devices.slice(0, mostPolled)) nudge(device);
  }

  function say({ address }: Origin, what: string): void {
    if (said.isNew(`${address} ${what}`)) log.warn({ from: address }, what);
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
