import { FieldError } from '../driver.ts';
import type { Found } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { AgentError } from './errors.ts';
import { splitRequests } from './request.ts';
import { noValue, type Cell } from './values.ts';

const timedOut: Cell = { raw: null, reason: 'timeout' };

/** Rows of a GETBULK, and of a table at most: an agent that never ends must not fill the memory. */
const bulkRows = 20;
const maxRows = 10_000;

/** A dead agent is given up after this many requests in a row without an answer. */
const silentRequests = 2;

/**
 * One reading of many OIDs: batches one after another, so that one agent never has two requests to answer. A batch the
 * agent refuses is asked again in halves; one that times out leaves the others standing.
 */
export class CellReader {
  readonly cells = new Map<string, Cell>();
  /** At most so many OIDs in a request; falls when the agent says tooBig. */
  batch: number;
  /** OIDs that failed a v1 request alone: leaving them out saves the search for them next time. */
  readonly absent: string[] = [];
  failure: FieldError | undefined;
  answered = false;
  readonly #connection: Connection;
  readonly #deadline: Deadline;
  #bulkRows = bulkRows;
  #silence = 0;

  constructor(connection: Connection, deadline: Deadline, batch: number) {
    this.#connection = connection;
    this.#deadline = deadline;
    this.batch = batch;
  }

  async read(oids: readonly string[]): Promise<void> {
    const wanted = [...new Set(oids)].filter((oid) => !this.cells.has(oid));
    await this.readBatches(splitRequests(wanted, this.batch));
  }

  /** As `read`, of OIDs that were put into requests before. */
  async readBatches(batches: readonly (readonly string[])[]): Promise<void> {
    for (const batch of batches) {
      // The agent has said tooBig since.
      if (batch.length > this.batch) await this.#readHalves(batch);
      else await this.#readBatch(batch);
    }
  }

  /** All rows of a column: index → cell, in the agent's order; undefined when it stayed silent. */
  async walk(column: string): Promise<ReadonlyMap<string, Cell> | undefined> {
    const rows = new Map<string, Cell>();
    const seen = new Set<string>();
    for (let from = column; ;) {
      const found = await this.#following(from);
      if (found === undefined) return undefined;
      for (const { oid, cell } of found) {
        // A row seen before: the end of all, or an agent that runs in circles.
        if (!oid.startsWith(`${column}.`) || seen.has(oid) || seen.size >= maxRows) return rows;
        seen.add(oid);
        if (cell.raw !== null) rows.set(oid.slice(column.length + 1), cell);
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

  /** Fewer rows at a time from an agent for which it was too much; undefined when it stayed silent. */
  async #following(oid: string): Promise<readonly Found[] | undefined> {
    const found = await this.#ask(() => this.#connection.following(oid, this.#bulkRows, this.#deadline));
    if (found === 'silent') return undefined;
    const isTooMuch = found === 'too-big' || found.length === 0;
    if (isTooMuch && this.#bulkRows > 1) {
      this.#bulkRows = Math.ceil(this.#bulkRows / 4);
      return this.#following(oid);
    }
    return typeof found === 'string' ? [] : found;
  }

  async #readBatch(batch: readonly string[]): Promise<void> {
    const cells = await this.#ask(() => this.#connection.get(batch, this.#deadline));
    if (cells === 'silent') {
      for (const oid of batch) this.cells.set(oid, timedOut);
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

  async #ask<T extends { length: number }>(
    request: () => Promise<T>,
  ): Promise<T | 'silent' | 'refused' | 'too-big'> {
    if (this.#silence >= silentRequests || this.#deadline.passed) return 'silent';
    try {
      const answer = await request();
      this.#heard();
      return answer;
    } catch (error) {
      if (error instanceof AgentError) {
        this.#heard();
        return error.tooBig ? 'too-big' : 'refused';
      }
      if (!(error instanceof FieldError)) throw error;
      this.failure ??= error;
      this.#silence = error.kind === 'timeout' ? this.#silence + 1 : silentRequests;
      return 'silent';
    }
  }

  #heard(): void {
    this.answered = true;
    this.#silence = 0;
  }
}
