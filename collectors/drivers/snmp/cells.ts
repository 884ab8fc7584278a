import { shortestFloat32 } from '../../../core/float32.ts';
import snmp from 'net-snmp';
import { FieldError, type RawValue } from '../driver.ts';
import type { TypedFound } from './ask.ts';
import type { Connection } from './connection.ts';
import { AgentError, type Deadline, splitRequests } from './request.ts';
import type { Reason } from '../../../core/reading.ts';
import { oidText, signed, tags } from './ber.ts';
import type { Varbind } from 'net-snmp';

const timedOut: Cell = { raw: null, reason: 'timeout' };

/** Rows of a GETBULK, and of a table at most: an agent that never ends must not fill the memory. */
const bulkRows = 20;
const maxRows = 10_000;

type Refusal = 'silent' | 'refused' | 'too-big';

/** A dead agent is given up after this many requests in a row without an answer. */
const silentRequests = 2;

/** Some agents say nothing to a request that is too much for them, where others say tooBig: the next is this much smaller. */
const shrink = 4;
const sysUpTime = '1.3.6.1.2.1.1.3.0';

/**
 * One reading of many OIDs: batches one after another, so that one agent never has two requests to answer. A batch the
 * agent refuses is asked again in halves; one that times out leaves the others standing.
 */
export class CellReader {
  readonly cells = new Map<string, Cell>();
  /** At most so many OIDs in a request; falls when the agent reports tooBig, or is silent to many and answers to one. */
  batch: number;
  /** Rows of a GETBULK at most; falls likewise. */
  bulkRows: number;
  /** OIDs that failed a v1 request alone: leaving them out saves the search for them next time. */
  readonly absent: string[] = [];
  failure: FieldError | undefined;
  answered = false;
  /** Of the answers, the one that took longest. */
  slowestMs = 0;
  readonly #connection: Connection;
  readonly #deadline: Deadline;
  #silence = 0;
  #isGreeted = false;

  constructor(connection: Connection, deadline: Deadline, sizes: Sizes) {
    this.#connection = connection;
    this.#deadline = deadline;
    this.batch = sizes.batch;
    this.bulkRows = sizes.bulkRows ?? bulkRows;
  }

  /**
   * First of all asks an agent that was silent for one thing. If it answers, the next request gets no more than half of the
   * time, so that smaller ones still find theirs.
   */
  async greet(): Promise<void> {
    this.#isGreeted = await this.#isAlive();
  }

  async read(oids: readonly string[]): Promise<void> {
    const wanted = [...new Set(oids)].filter((oid) => !this.cells.has(oid));
    await this.readBatches(splitRequests(wanted, this.batch));
  }

  /** As `read`, of OIDs that were put into requests before. */
  async readBatches(batches: readonly (readonly string[])[]): Promise<void> {
    for (const batch of batches) {
      // It has been too much for the agent since.
      if (batch.length > this.batch) await this.#readSmaller(batch);
      else await this.#readBatch(batch);
    }
  }

  /**
   * As `readBatches`, but the cells come in the order asked. A whole answer, the rule, does not pass through the map;
   * whatever else comes is settled there first.
   */
  async readInOrder(batches: readonly (readonly string[])[]): Promise<readonly Cell[]> {
    const all: Cell[] = [];
    for (const batch of batches) {
      const cells = batch.length > this.batch ? undefined : await this.#get(batch);
      if (Array.isArray(cells) && cells.length === batch.length) {
        if (batches.length === 1) return cells;
        for (const cell of cells) all.push(cell);
        continue;
      }
      await (cells === undefined ? this.#readSmaller(batch) : this.#settle(batch, cells));
      for (const oid of batch) all.push(this.cells.get(oid) ?? noValue);
    }
    return all;
  }

  /** All rows of a column: index → cell, in the agent's order; undefined when it stayed silent. */
  async walk(column: string): Promise<ReadonlyMap<string, Cell> | undefined> {
    const found = await this.walkFound(column);
    return (
      found && new Map(found.map(({ oid, cell }): [string, Cell] => [oid.slice(column.length + 1), cell]))
    );
  }

  /** The same with the type of every value. */
  async walkFound(column: string): Promise<readonly TypedFound[] | undefined> {
    const rows: TypedFound[] = [];
    const seen = new Set<string>();
    for (let from = column; ;) {
      const found = await this.#following(from);
      if (found === undefined) return undefined;
      for (const each of found) {
        const { oid, cell } = each;
        // A row seen before: the end of all, or an agent that runs in circles.
        if (!oid.startsWith(`${column}.`) || seen.has(oid) || seen.size >= maxRows) return rows;
        seen.add(oid);
        if (cell.raw !== null) rows.push(each);
        from = oid;
      }
      if (found.length === 0) return rows;
    }
  }

  /** Whether the agent has anything below an OID. */
  async answersBelow(oid: string): Promise<boolean> {
    const first = (await this.#following(oid))?.[0];
    return first !== undefined && first.oid.startsWith(`${oid}.`) && first.cell.reason !== 'no-value';
  }

  /** The first OID that the agent has after this one; undefined at the end, and when it stayed silent. */
  async next(oid: string): Promise<string | undefined> {
    const first = (await this.#following(oid))?.[0];
    return first?.cell.reason === 'no-value' ? undefined : first?.oid;
  }

  /** Fewer rows at a time from an agent for which it was too much; undefined when it stayed silent. */
  async #following(oid: string): Promise<readonly TypedFound[] | undefined> {
    const found = await this.#ask(() => this.#connection.following(oid, this.bulkRows, this.#deadline));
    if (found === 'silent' && (this.bulkRows === 1 || !(await this.#isAlive()))) return undefined;
    const isTooMuch = found === 'too-big' || found === 'silent' || found.length === 0;
    if (isTooMuch && this.bulkRows > 1) {
      this.bulkRows = Math.ceil(this.bulkRows / shrink);
      return this.#following(oid);
    }
    return typeof found === 'string' ? [] : found;
  }

  async #readBatch(batch: readonly string[]): Promise<void> {
    await this.#settle(batch, await this.#get(batch));
  }

  #get(batch: readonly string[]): Promise<Refusal | readonly Cell[]> {
    return this.#ask(() => this.#connection.get(batch, this.#deadline));
  }

  /** What came of a request, into the map; what is missing is asked again in smaller requests. */
  async #settle(batch: readonly string[], cells: Refusal | readonly Cell[]): Promise<void> {
    if (cells === 'silent') {
      if (batch.length > 1 && (await this.#isAlive())) {
        this.batch = Math.min(this.batch, Math.ceil(batch.length / shrink));
        await this.#readSmaller(batch);
      } else for (const oid of batch) this.cells.set(oid, timedOut);
    } else if (typeof cells === 'string') {
      if (cells === 'too-big') this.batch = Math.min(this.batch, Math.ceil(batch.length / 2));
      await this.#readHalves(batch);
    } else {
      for (let place = 0; place < cells.length; place += 1)
        this.cells.set(batch[place] ?? '', cells[place] ?? noValue);
      // An agent that answers less than it was asked had no room for more.
      if (cells.length < batch.length) {
        this.batch = Math.min(this.batch, Math.max(1, cells.length));
        await this.#readHalves(batch.slice(cells.length));
      }
    }
  }

  #readSmaller(batch: readonly string[]): Promise<void> {
    return this.readBatches(splitRequests(batch, this.batch));
  }

  async #readHalves(batch: readonly string[]): Promise<void> {
    const [only, ...others] = batch;
    if (only !== undefined && others.length === 0) {
      this.cells.set(only, noValue);
      this.absent.push(only);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await this.#readBatch(batch.slice(0, middle));
    await this.#readBatch(batch.slice(middle));
  }

  async #ask<T extends { length: number }>(request: () => Promise<T>): Promise<T | Refusal> {
    if (this.#silence >= silentRequests || this.#deadline.passed) return 'silent';
    const askedAt = performance.now();
    try {
      const isTrial = this.#isGreeted;
      this.#isGreeted = false;
      const answer = await (isTrial ? this.#deadline.half(request) : request());
      this.slowestMs = Math.max(this.slowestMs, performance.now() - askedAt);
      this.#received();
      return answer;
    } catch (error) {
      if (error instanceof AgentError) {
        this.#received();
        return error.tooBig ? 'too-big' : 'refused';
      }
      if (!(error instanceof FieldError)) throw error;
      this.failure ??= error;
      this.#silence = error.kind === 'timeout' ? this.#silence + 1 : silentRequests;
      return 'silent';
    }
  }

  /** Whether an agent that did not answer to much answers to one thing that every agent has. */
  async #isAlive(): Promise<boolean> {
    const answer = await this.#ask(() => this.#connection.get([sysUpTime], this.#deadline));
    if (answer === 'silent') return false;
    this.failure = undefined;
    return true;
  }

  #received(): void {
    this.answered = true;
    this.#silence = 0;
  }
}

/** How much is asked at once. */
interface Sizes {
  readonly batch: number;
  readonly bulkRows?: number | undefined;
}

export interface Cell {
  readonly raw: RawValue['raw'];
  readonly reason?: Reason;
}

export const noValue: Cell = { raw: null, reason: 'no-value' };
export const undecodable: Cell = { raw: null, reason: 'decode' };

/** The contents of a value under its tag; never throws. Whatever it cannot be is `decode`. */
export function readCell(
  tag: number,
  bytes: Buffer,
  place: { readonly at: number; readonly end: number },
): Cell {
  const { at, end } = place;
  switch (tag) {
    case tags.integer:
      return known(signed(bytes, at, end));
    case tags.counter32:
    case tags.gauge32:
    case tags.timeTicks:
    case tags.unsigned32:
      return known(unsigned32(bytes, at, end));
    case tags.octets:
      return { raw: bytes.toString('latin1', at, end) };
    case tags.counter64:
      return known(unsigned64(bytes, at, end));
    case tags.oid:
      return known(oidText(bytes, at, end));
    case tags.ipAddress:
      return end - at === 4 ? { raw: bytes.subarray(at, end).join('.') } : undecodable;
    case tags.opaque:
      return known(opaqueNumber(bytes, at, end));
    case tags.boolean:
      return end - at === 1 ? { raw: bytes[at] === 0 ? 0 : 1 } : undecodable;
    case tags.null:
    case tags.noSuchObject:
    case tags.noSuchInstance:
    case tags.endOfMibView:
      return noValue;
    default:
      return undecodable;
  }
}

function known(raw: number | bigint | string | undefined): Cell {
  return raw === undefined ? undecodable : { raw };
}

/** Some agents write these without the leading zero, as if they were negative. */
function unsigned32(bytes: Buffer, at: number, end: number): number | undefined {
  if (end - at === 5 && bytes[at] === 0) return bytes.readUInt32BE(at + 1);
  const value = signed(bytes, at, end);
  return value === undefined ? undefined : value >>> 0;
}

/** 0 to 8 bytes, or 9 with a leading zero. */
function unsigned64(bytes: Buffer, at: number, end: number): bigint | undefined {
  if (end - at > 9 || (end - at === 9 && bytes[at] !== 0)) return undefined;
  let high = 0;
  let low = 0;
  for (let i = Math.max(at, end - 8); i < end; i += 1) {
    if (i < end - 4) high = high * 256 + (bytes[i] ?? 0);
    else low = low * 256 + (bytes[i] ?? 0);
  }
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Net-SNMP's floats inside Opaque: 9f 78 04 and four bytes, 9f 79 08 and eight. */
function opaqueNumber(bytes: Buffer, at: number, end: number): number | undefined {
  if (end - at === 7 && bytes.readUIntBE(at, 3) === 0x9f_78_04)
    return shortestFloat32(bytes.readFloatBE(at + 3));
  if (end - at === 11 && bytes.readUIntBE(at, 3) === 0x9f_79_08) return bytes.readDoubleBE(at + 3);
  return undefined;
}

/** A varbind of net-snmp as a raw value; `asked` is the OID of the request, since an agent may answer about another one. */
export function toCell(varbind: Varbind, asked: string | undefined): Cell {
  if (varbind.oid !== asked) return undecodable;
  const { value, type } = varbind;
  if (snmp.isVarbindError(varbind) || value === null) return noValue;
  if (typeof value === 'boolean') return { raw: Number(value) };
  if (!Buffer.isBuffer(value)) return { raw: value };
  // Counter64, Opaque and octet strings come as their contents.
  const isBare = type === snmp.ObjectType.Counter64 || type === snmp.ObjectType.Opaque;
  return readCell(isBare ? type : tags.octets, value, { at: 0, end: value.length });
}
