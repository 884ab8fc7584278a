import { FieldError } from '../driver.ts';
import { AgentError } from './connection.ts';
import type { Connection } from './connection.ts';
import { toCell } from './values.ts';
import type { Cell } from './values.ts';

const timedOut: Cell = { raw: null, reason: 'timeout' };
const noValue: Cell = { raw: null, reason: 'no-value' };

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
  readonly #signal: AbortSignal;
  #silence = 0;

  constructor(connection: Connection, signal: AbortSignal, batch: number) {
    this.#connection = connection;
    this.#signal = signal;
    this.batch = batch;
  }

  async read(oids: readonly string[]): Promise<void> {
    const wanted = [...new Set(oids)].filter((oid) => !this.cells.has(oid));
    for (let at = 0; at < wanted.length;) {
      const batch = wanted.slice(at, at + this.batch);
      at += batch.length;
      await this.#readBatch(batch);
    }
  }

  /** All rows of a column: index → cell, in the agent's order; undefined when it stayed silent. */
  async walk(column: string): Promise<ReadonlyMap<string, Cell> | undefined> {
    const rows = new Map<string, Cell>();
    for (let oid: string | undefined = column; oid !== undefined;) {
      const from: string = oid;
      const varbinds = await this.#ask(() => this.#connection.following(from, this.#signal));
      if (varbinds === 'silent') return undefined;
      oid = undefined;
      for (const varbind of typeof varbinds === 'string' ? [] : varbinds) {
        const index = varbind.oid.slice(column.length + 1);
        const cell = toCell(varbind, varbind.oid);
        // A row seen before: an agent that runs in circles.
        if (!varbind.oid.startsWith(`${column}.`) || cell.raw === null || rows.has(index)) return rows;
        rows.set(index, cell);
        oid = varbind.oid;
      }
    }
    return rows;
  }

  /** Whether the agent has anything below an OID. */
  async answersBelow(oid: string): Promise<boolean> {
    const varbinds = await this.#ask(() => this.#connection.following(oid, this.#signal));
    const first = typeof varbinds === 'string' ? undefined : varbinds[0];
    return (
      first !== undefined && first.oid.startsWith(`${oid}.`) && toCell(first, first.oid).reason !== 'no-value'
    );
  }

  async #readBatch(batch: readonly string[]): Promise<void> {
    const varbinds = await this.#ask(() => this.#connection.get(batch, this.#signal));
    if (varbinds === 'silent') {
      for (const oid of batch) this.cells.set(oid, timedOut);
    } else if (typeof varbinds === 'string') {
      if (varbinds === 'too-big') this.batch = Math.min(this.batch, Math.ceil(batch.length / 2));
      await this.#readHalves(batch);
    } else {
      for (const [position, oid] of batch.entries()) {
        const varbind = varbinds[position];
        this.cells.set(oid, varbind === undefined ? noValue : toCell(varbind, oid));
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
    if (this.#silence >= silentRequests || this.#signal.aborted) return 'silent';
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
