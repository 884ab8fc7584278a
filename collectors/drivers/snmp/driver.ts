import type { Device, Point } from '../../../config/model.ts';
import type { SnmpProfile } from '../../../config/schema/profile.ts';
import { FieldError } from '../driver.ts';
import type { Driver, Poll, RawValue, Session } from '../driver.ts';
import type { Row } from '../../profile/parts.ts';
import { CellReader } from './cells.ts';
import { Connection } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import { untilAborted, withDeadline } from './deadline.ts';
import { findRow, itemAt, planPoints, searchedColumn } from './plan.ts';
import type { Item, Plan } from './plan.ts';
import { resolveAccess } from './user.ts';
import { columnFactor } from './values.ts';

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
        profile,
        { host, port, credentials, timeoutMs: settings.timeoutMs, retries: settings.retries },
        settings,
      );
    },
  };
}

class SnmpSession implements Session {
  readonly #device: Device;
  readonly #profile: SnmpProfile;
  readonly #target: ConnectionOptions;
  readonly #settings: Settings;
  #connection: Connection | undefined;
  #closed = false;
  #batch: number;
  /** Rows found, and OIDs that a v1 agent does not have; both are looked for again when they have aged. */
  readonly #rows = new Map<number, { readonly rows: readonly Row[]; readonly until: number }>();
  readonly #absent = new Map<string, number>();
  /** One reading at a time: an agent is asked one thing after another. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(device: Device, profile: SnmpProfile, target: ConnectionOptions, settings: Settings) {
    this.#device = device;
    this.#profile = profile;
    this.#target = target;
    this.#settings = settings;
    this.#batch = settings.batch;
  }

  plan(points: readonly Point[]): Poll {
    const plan = planPoints(this.#profile, points);
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
    const { found, silent, missing } = await this.#findRows(plan, reader);
    const items = [...plan.items, ...found];
    await reader.read(this.#worthAsking(items));
    this.#batch = reader.batch;
    this.#remember(reader.absent);
    if (reader.failure !== undefined) this.#fault(reader.answered);
    if (!reader.answered && reader.failure !== undefined) throw this.#named(reader.failure);
    return [
      ...items.map((item) => toRaw(item, reader)),
      ...missing.map((point) => ({ point, raw: null, reason: 'no-value' as const })),
      ...silent.map((point) => ({ point, raw: null, reason: 'timeout' as const })),
    ];
  }

  async #findRows(
    plan: Plan,
    reader: CellReader,
  ): Promise<{ found: Item[]; missing: Point[]; silent: Point[] }> {
    const found: Item[] = [];
    const missing: Point[] = [];
    const silent: Point[] = [];
    for (const [number, pending] of plan.pending) {
      const table = this.#profile.tables[number];
      const rows = await this.#rowsOf(number, reader);
      for (const entry of pending) {
        const row =
          table === undefined || rows === undefined ? undefined : findRow(table, entry.read.row, rows);
        if (rows === undefined) silent.push(entry.point);
        else if (table === undefined || row === undefined) missing.push(entry.point);
        else found.push(itemAt(table, entry, row.index));
      }
    }
    return { found, missing, silent };
  }

  async #rowsOf(number: number, reader: CellReader): Promise<readonly Row[] | undefined> {
    const known = this.#rows.get(number);
    if (known !== undefined && this.#settings.now() < known.until) return known.rows;
    const table = this.#profile.tables[number];
    const cells = table === undefined ? undefined : await reader.walk(searchedColumn(table));
    if (table === undefined || cells === undefined) return undefined;
    const rows = [...cells].map(([index, { raw }]): Row =>
      table.key === 'index' ? { index } : { index, key: String(raw) },
    );
    this.#rows.set(number, { rows, until: this.#settings.now() + this.#settings.searchEveryMs });
    return rows;
  }

  /** What a v1 agent is known not to have fails everything asked with it. If nothing else is left, it is asked after all. */
  #worthAsking(items: readonly Item[]): readonly string[] {
    const oids = items.flatMap(({ oid, scale }) => (scale === undefined ? [oid] : [oid, scale.oid]));
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
    this.#rows.clear();
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

function toRaw({ point, oid, scale }: Item, reader: CellReader): RawValue {
  const cell = reader.cells.get(oid) ?? { raw: null, reason: 'no-value' as const };
  if (scale === undefined || cell.raw === null) return { point, source: oid, ...cell };
  const factor = columnFactor(scale.kind, reader.cells.get(scale.oid));
  if (factor === undefined) return { point, source: oid, raw: null, reason: 'no-value' };
  return { point, source: oid, ...cell, scale: factor };
}
