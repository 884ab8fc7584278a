import type { Device, Point } from '../../../config/model.ts';
import { type Driver, FieldError, type Poll, type RawValue, type Session } from '../driver.ts';
import { defined } from '../../../core/defined.ts';
import { Agents } from './agent.ts';
import { CellReader, noValue } from './cells.ts';
import { openConnection, type Connection, type ConnectionOptions } from './connection.ts';
import { Deadline, splitRequests } from './request.ts';
import { type Item, type Plan, isAnotherRow, oidsOf, placesOf, plainRaw, planPoints, toRaw } from './plan.ts';
import { RowFinder } from './rows.ts';
import { resolveAccess } from './usm.ts';

export interface SnmpOptions {
  /** For one attempt at one request, and how many more there are. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** For a whole reading, whatever the caller's signal says. */
  readonly deadlineMs?: number;
  /** OIDs in one GET. */
  readonly batch?: number;
  /** An agent that could not take so many is tried with them again after this long: it may have been the network. */
  readonly growAfterMs?: number;
  /** Rows of a table are looked for again after this long. */
  readonly searchEveryMs?: number;
  /** Where the keys of v3 stand. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly now?: () => number;
}

type Settings = Required<SnmpOptions>;

const defaults = {
  timeoutMs: 1_000,
  retries: 1,
  deadlineMs: 5_000,
  batch: 30,
  growAfterMs: 3_600_000,
  searchEveryMs: 600_000,
  now: () => performance.now(),
};

/**
 * SNMP v1, v2c and v3 by GET and GETBULK; nothing is ever set. `open` throws where the device is no SNMP device or a
 * key of its v3 user is missing.
 */
export function snmpDriver(options: SnmpOptions = {}): Driver {
  const settings: Settings = { ...defaults, env: process.env, ...options };
  const agents = new Agents();
  return {
    open(device, onFault = () => undefined) {
      const { address, profile } = device;
      if (address.protocol !== 'snmp' || profile.protocol !== 'snmp')
        throw new TypeError(`${device.key} is no SNMP device`);
      const { host, port, access } = address;
      const paced = {
        ...settings,
        ...defined({ timeoutMs: access.timeout, retries: access.retries, batch: access.maxVarbinds }),
      };
      const credentials = resolveAccess(address.access, settings.env);
      return new SnmpSession(
        device,
        {
          agent: agents.at(host, port),
          credentials,
          onFault,
          timeoutMs: paced.timeoutMs,
          retries: paced.retries,
        },
        paced,
      );
    },
  };
}

/** What a plan asks for, put into requests: true for these rows, this size of a request, and so long. */
interface Requests {
  readonly items: readonly Item[];
  readonly batches: readonly (readonly string[])[];
  /** Where each item's cell comes in the order asked, when that is all it needs. */
  readonly places: readonly number[] | undefined;
  readonly found: readonly Item[];
  readonly batch: number;
  readonly until: number;
}

/** A silent agent is given twice the time, up to this: some cards take seconds for an answer. */
const longestTimeoutMs = 4_000;

const nothingFound = { items: [], values: [] } as const;

function hasRows({ pending, fleeting }: Plan): boolean {
  return pending.length + fleeting.length > 0;
}

class SnmpSession implements Session {
  readonly #device: Device;
  readonly #target: ConnectionOptions;
  readonly #settings: Settings;
  #connection: Connection | undefined;
  #closed = false;
  #batch: number;
  #bulkRows: number | undefined;
  #shrunkAt = 0;
  /** Nothing answered the last reading, and it took all the time: it may have asked for too much. */
  #wasSilent = false;
  #timeoutMs: number;
  readonly #known = new Map<Plan, Requests>();
  readonly #rows: RowFinder;
  /** OIDs that a v1 agent does not have; they are tried again when this has aged. */
  readonly #absent = new Map<string, number>();
  /** One reading at a time: an agent is asked one thing after another. */
  #tail: Promise<unknown> = Promise.resolve();
  #readings = 0;
  /** Of the signal that was used last: a poller uses one for years. */
  #deadline: Deadline | undefined;

  constructor(device: Device, target: ConnectionOptions, settings: Settings) {
    this.#device = device;
    this.#rows = new RowFinder(settings);
    this.#target = target;
    this.#settings = settings;
    this.#batch = settings.batch;
    this.#timeoutMs = settings.timeoutMs;
  }

  plan(points: readonly Point[]): Poll {
    const plan = planPoints(points);
    return {
      read: (signal, withinMs = this.#settings.deadlineMs) => {
        const reading =
          this.#readings === 0
            ? this.#within(plan, signal, withinMs)
            : this.#tail.then(() => this.#within(plan, signal, withinMs));
        this.#readings += 1;
        const leave = (): void => void (this.#readings -= 1);
        this.#tail = reading.then(leave, leave);
        return reading;
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#deadline?.release();
    this.#disconnect();
  }

  #within(plan: Plan, signal: AbortSignal, deadlineMs: number): Promise<readonly RawValue[]> {
    if (this.#deadline?.isUnder(signal) === true) this.#deadline.restart(deadlineMs);
    else {
      this.#deadline?.release();
      this.#deadline = new Deadline(signal, deadlineMs);
    }
    return this.#read(plan, this.#deadline);
  }

  async #read(plan: Plan, deadline: Deadline): Promise<readonly RawValue[]> {
    if (this.#closed) throw new FieldError('refused', 'the session is closed');
    const connection = this.#connection ?? (await this.#connect(deadline));
    this.#grow();
    const reader = new CellReader(connection, deadline, { batch: this.#batch, bulkRows: this.#bulkRows });
    const isGreeted = this.#wasSilent;
    if (isGreeted) await reader.greet();
    const found = hasRows(plan) ? await this.#rows.find(plan, reader) : nothingFound;
    const { items, batches, places } = this.#requests(plan, found.items);
    const cells = places === undefined ? undefined : await reader.readInOrder(batches);
    if (cells === undefined) await reader.readBatches(batches);
    this.#resize(reader);
    this.#remember(reader.absent);
    this.#adaptTimeout(reader);
    // Every second time, for agents that do not answer that either.
    this.#wasSilent = !isGreeted && !reader.answered && reader.failure?.kind === 'timeout';
    if (reader.failure !== undefined) this.#fault(reader.answered);
    if (!reader.answered && reader.failure !== undefined) throw this.#named(reader.failure);
    if (hasRows(plan) && items.some((item) => isAnotherRow(item, reader.cells))) this.#rows.forget();
    const values =
      cells === undefined || places === undefined
        ? items.map((item) => toRaw(item, reader.cells))
        : items.map((item, index) => plainRaw(item, cells[places[index] ?? -1] ?? noValue));
    return found.values.length === 0 ? values : [...values, ...found.values];
  }

  #resize({ batch, bulkRows }: CellReader): void {
    if (batch !== this.#batch || (this.#bulkRows !== undefined && bulkRows !== this.#bulkRows))
      this.#shrunkAt = this.#settings.now();
    this.#batch = batch;
    this.#bulkRows = bulkRows;
  }

  /** Takes effect with the next connection; one that is quick again is not waited for as long. */
  #adaptTimeout({ answered, failure, slowestMs }: CellReader): void {
    const { timeoutMs } = this.#settings;
    if (!answered && failure?.kind === 'timeout')
      this.#timeoutMs = Math.max(timeoutMs, Math.min(longestTimeoutMs, 2 * this.#timeoutMs));
    else if (answered && this.#timeoutMs > timeoutMs && 3 * slowestMs < timeoutMs) {
      this.#timeoutMs = timeoutMs;
      this.#disconnect();
    }
  }

  #grow(): void {
    if (
      this.#batch === this.#settings.batch ||
      this.#settings.now() - this.#shrunkAt < this.#settings.growAfterMs
    )
      return;
    this.#batch = this.#settings.batch;
    this.#bulkRows = undefined;
  }

  /** The requests of a plan, made again only where what is asked has changed. */
  #requests(plan: Plan, found: readonly Item[]): Requests {
    const known = this.#known.get(plan);
    const now = this.#settings.now();
    if (known?.found === found && known.batch === this.#batch && now < known.until) return known;
    const items = [...plan.items, ...found];
    const batches = splitRequests(this.#worthAsking(items, now), this.#batch);
    const until = Math.min(Infinity, ...[...this.#absent.values()].filter((at) => at > now));
    const places = placesOf(items, batches.flat());
    const requests = { items, batches, places, found, batch: this.#batch, until };
    this.#known.set(plan, requests);
    return requests;
  }

  /** What a v1 agent is known not to have fails everything asked with it. If nothing else is left, it is asked after all. */
  #worthAsking(items: readonly Item[], now: number): readonly string[] {
    const oids = [...new Set(items.flatMap(oidsOf))];
    const present = oids.filter((oid) => (this.#absent.get(oid) ?? 0) <= now);
    return present.length === 0 ? oids : present;
  }

  #remember(absent: readonly string[]): void {
    if (this.#target.credentials.version !== '1' || absent.length === 0) return;
    for (const oid of absent) this.#absent.set(oid, this.#settings.now() + this.#settings.searchEveryMs);
    this.#known.clear();
  }

  /** After a fault the device may be another one: rows are searched again, and the name asked again. */
  #fault(answered: boolean): void {
    this.#rows.forget();
    this.#absent.clear();
    this.#known.clear();
    if (!answered) this.#disconnect();
  }

  /** A name that is looked up may take longer than the deadline. */
  async #connect(deadline: Deadline): Promise<Connection> {
    const opening = openConnection({ ...this.#target, timeoutMs: this.#timeoutMs }).then((connection) => {
      // Too late for a session that was closed meanwhile.
      if (this.#closed || deadline.passed) connection.close();
      else this.#connection = connection;
      return connection;
    });
    return deadline.limit(opening);
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #named(failure: FieldError): FieldError {
    const { host, port } = this.#target.agent;
    return new FieldError(failure.kind, `${this.#device.key} at ${host}:${port}: ${failure.message}`, {
      cause: failure,
    });
  }
}
