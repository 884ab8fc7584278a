import type { Device, Point } from '../../../config/model.ts';
import { FieldError } from '../driver.ts';
import type { Driver, Poll, RawValue, Session } from '../driver.ts';
import { CellReader } from './cells.ts';
import { Connection } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import { untilAborted, withDeadline } from './deadline.ts';
import { isAnotherRow, toRaw } from './items.ts';
import { oidsOf, planPoints, type Item, type Plan } from './plan.ts';
import { RowFinder } from './rows.ts';
import { resolveAccess } from './user.ts';

export interface SnmpOptions {
  /** For one attempt at one request, and how many more there are. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** For a whole reading, whatever the caller's signal says. */
  readonly deadlineMs?: number;
  /** OIDs in one GET. */
  readonly batch?: number;
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
  searchEveryMs: 600_000,
  now: Date.now,
};

/**
 * SNMP v1, v2c and v3 by GET and GETBULK; nothing is ever set. `open` throws where the device is no SNMP device or a
 * key of its v3 user is missing.
 */
export function snmpDriver(options: SnmpOptions = {}): Driver {
  const settings: Settings = { ...defaults, env: process.env, ...options };
  return {
    open(device) {
      const { address, profile } = device;
      if (address.protocol !== 'snmp' || profile.protocol !== 'snmp')
        throw new TypeError(`${device.key} is no SNMP device`);
      const { host, port } = address;
      const credentials = resolveAccess(address.access, settings.env);
      return new SnmpSession(
        device,
        { host, port, credentials, timeoutMs: settings.timeoutMs, retries: settings.retries },
        settings,
      );
    },
  };
}

class SnmpSession implements Session {
  readonly #device: Device;
  readonly #target: ConnectionOptions;
  readonly #settings: Settings;
  #connection: Connection | undefined;
  #closed = false;
  #batch: number;
  readonly #rows: RowFinder;
  /** OIDs that a v1 agent does not have; they are tried again when this has aged. */
  readonly #absent = new Map<string, number>();
  /** One reading at a time: an agent is asked one thing after another. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(device: Device, target: ConnectionOptions, settings: Settings) {
    this.#device = device;
    this.#rows = new RowFinder(settings);
    this.#target = target;
    this.#settings = settings;
    this.#batch = settings.batch;
  }

  plan(points: readonly Point[]): Poll {
    const plan = planPoints(points);
    return {
      read: (signal) => {
        const reading = this.#tail.then(() =>
          withDeadline(signal, this.#settings.deadlineMs, (limited) => this.#read(plan, limited)),
        );
        this.#tail = reading.catch(() => undefined);
        return reading;
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  /** A v3 agent that was restarted knows nothing of our session: a second try on a fresh one finds its new clock. */
  async #read(plan: Plan, signal: AbortSignal): Promise<readonly RawValue[]> {
    const reused = this.#connection !== undefined;
    try {
      return await this.#readOnce(plan, signal);
    } catch (error) {
      if (!reused || this.#target.credentials.version !== '3' || signal.aborted || this.#closed) throw error;
      return this.#readOnce(plan, signal);
    }
  }

  async #readOnce(plan: Plan, signal: AbortSignal): Promise<readonly RawValue[]> {
    if (this.#closed) throw new FieldError('refused', 'the session is closed');
    const reader = new CellReader(await this.#connected(signal), signal, this.#batch);
    const found = await this.#rows.find(plan, reader);
    const items = [...plan.items, ...found.items];
    await reader.read(this.#worthAsking(items));
    this.#batch = reader.batch;
    this.#remember(reader.absent);
    if (reader.failure !== undefined) this.#fault(reader.answered);
    if (!reader.answered && reader.failure !== undefined) throw this.#named(reader.failure);
    if (items.some((item) => isAnotherRow(item, reader.cells))) this.#rows.forget();
    return [...items.map((item) => toRaw(item, reader.cells)), ...found.values];
  }

  /** What a v1 agent is known not to have fails everything asked with it. If nothing else is left, it is asked after all. */
  #worthAsking(items: readonly Item[]): readonly string[] {
    const oids = items.flatMap(oidsOf);
    const now = this.#settings.now();
    const present = oids.filter((oid) => (this.#absent.get(oid) ?? 0) <= now);
    return present.length === 0 ? oids : present;
  }

  #remember(absent: readonly string[]): void {
    if (this.#target.credentials.version !== '1') return;
    for (const oid of absent) this.#absent.set(oid, this.#settings.now() + this.#settings.searchEveryMs);
  }

  /** After a fault the device may be another one: rows are searched again, and the name and v3 engine asked anew. */
  #fault(answered: boolean): void {
    this.#rows.forget();
    this.#absent.clear();
    if (!answered || this.#target.credentials.version === '3') this.#disconnect();
  }

  async #connected(signal: AbortSignal): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    const opening = Connection.open(this.#target).then((connection) => {
      // Too late for a session that was closed while the name was looked up.
      if (this.#closed || signal.aborted) connection.close();
      else this.#connection = connection;
      return connection;
    });
    return untilAborted(opening, signal);
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #named(failure: FieldError): FieldError {
    const { host, port } = this.#target;
    return new FieldError(failure.kind, `${this.#device.key} at ${host}:${port}: ${failure.message}`, {
      cause: failure,
    });
  }
}
