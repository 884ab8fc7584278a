import { systemClock } from '../../../core/clock.ts';
import { onSilence } from '../../../core/silence.ts';
import { FieldError } from '../driver.ts';
import type { Agent, Speaker } from './agent.ts';
import { type Deadline, type OidPlace, deadlinePassed } from './request.ts';
import { Cursor, oidText, same, tags } from './ber.ts';
import { type Cell, readCell, undecodable } from './cells.ts';

export interface Patience {
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first that stays silent. */
  readonly retries: number;
}

export interface Question<T> {
  readonly agent: Agent;
  readonly speaker: Speaker;
  /** Sends the request; one of the two is called when it is answered, or never. */
  start(answered: (value: T) => void, failed: (error: Error) => void): void;
  /** Whatever comes now is late. */
  forget(): void;
}

/**
 * Asks an agent when it is this question's turn; each attempt is a turn of its own, so that others behind the same agent
 * wait for one timeout at most. Rejects with what `start` says, or FieldError `timeout` or `refused`.
 */
export function ask<T>(
  question: Question<T>,
  { timeoutMs, retries }: Patience,
  deadline: Deadline,
): Promise<T> {
  const { agent, speaker } = question;
  return new Promise((resolve, reject) => {
    let left = retries;
    let hear = (): void => undefined;
    /** Changes with every attempt, so that an answer to an earlier one finds nobody. */
    let attempt = 0;

    const leave = (): void => {
      attempt += 1;
      hear();
      deadline.ends(undefined);
      agent.turns.leave();
    };
    const begin = (): void => {
      agent.speaker = speaker;
      const mine = attempt;
      deadline.ends(giveUp);
      // Where nobody listened there is hardly an answer to wait for, but a caller who wants to know why in time.
      const patienceMs = agent.wasRefused ? timeoutMs / 2 : timeoutMs;
      hear = onSilence(
        systemClock,
        Math.max(0, Math.min(patienceMs, deadline.at - performance.now())),
        silent,
      );
      question.start(
        (value) => {
          if (mine !== attempt) return;
          leave();
          resolve(value);
        },
        (error) => {
          if (mine !== attempt) return;
          leave();
          reject(error);
        },
      );
    };
    const wait = (): void => {
      deadline.ends(withdraw);
      agent.turns.enter(begin);
    };
    const giveUp = (): void => {
      question.forget();
      leave();
      void agent.isRefused();
      reject(deadlinePassed());
    };
    const withdraw = (): void => {
      agent.turns.withdraw(begin);
      reject(deadlinePassed());
    };
    const silent = (): void => {
      question.forget();
      leave();
      void afterSilence();
    };
    const afterSilence = async (): Promise<void> => {
      if (await agent.isRefused()) reject(new FieldError('refused', 'ECONNREFUSED'));
      else if (deadline.passed) reject(deadlinePassed());
      else if (left > 0) {
        left -= 1;
        wait();
      } else reject(new FieldError('timeout', agent.silence()));
    };
    if (deadline.passed) reject(deadlinePassed());
    else wait();
  });
}

/** The largest answer that is taken. */
export const maxAnswerBytes = 16_384;

/** A community answer up to its varbinds, which stand at `at` … `end` of the datagram. */
export interface Answer {
  readonly id: number;
  readonly status: number;
  readonly at: number;
  readonly end: number;
}

export interface Found {
  readonly oid: string;
  readonly cell: Cell;
}

export interface TypedFound extends Found {
  /** Of BER: the type of the value. */
  readonly tag: number;
}

const responsePdu = 0xa2;

/**
 * The head of an answer of this version and community; undefined if it is none. Bytes behind the message are let pass:
 * there are agents that pad.
 */
export function readAnswer(datagram: Buffer, version: number, community: Buffer): Answer | undefined {
  const cursor = new Cursor(datagram);
  if (!cursor.expect(tags.sequence, datagram.length)) return undefined;
  const { end } = cursor;
  if (cursor.int32(end) !== version) return undefined;
  if (!cursor.expect(tags.octets, end) || cursor.end - cursor.at !== community.length) return undefined;
  if (!same(datagram, cursor.at, { bytes: community, at: 0, length: community.length })) return undefined;
  cursor.at = cursor.end;
  if (!cursor.expect(responsePdu, end) || cursor.end !== end) return undefined;
  const id = cursor.int32(end);
  const status = cursor.int32(end);
  const index = cursor.int32(end);
  if (id === undefined || status === undefined || index === undefined) return undefined;
  if (!cursor.expect(tags.sequence, end) || cursor.end !== end) return undefined;
  return { id, status, at: cursor.at, end };
}

/**
 * The cells of the OIDs asked, in their order; other OIDs are ignored. Fewer cells than were asked if
 * the agent answered fewer; undefined if the varbinds are no varbinds or more than were asked.
 */
export function readCells(
  datagram: Buffer,
  { at, end }: Answer,
  asked: readonly OidPlace[],
): Cell[] | undefined {
  const cells: Cell[] = [];
  const cursor = new Cursor(datagram, at);
  while (cursor.at < end) {
    const place = asked[cells.length];
    if (place === undefined || !cursor.expect(tags.sequence, end)) return undefined;
    const last = cursor.end;
    if (!cursor.expect(tags.oid, last)) return undefined;
    const isAsked = cursor.end - cursor.at === place.length && same(datagram, cursor.at, place);
    cursor.at = cursor.end;
    if (!cursor.enter(last) || cursor.end !== last) return undefined;
    cells.push(isAsked ? readCell(cursor.tag, datagram, cursor) : undecodable);
    cursor.at = last;
  }
  return cells;
}

/** Every varbind of an answer with its own OID; undefined if one is none. */
export function readFound(datagram: Buffer, { at, end }: Answer): TypedFound[] | undefined {
  const found: TypedFound[] = [];
  const cursor = new Cursor(datagram, at);
  while (cursor.at < end) {
    if (!cursor.expect(tags.sequence, end)) return undefined;
    const last = cursor.end;
    if (!cursor.expect(tags.oid, last)) return undefined;
    const oid = oidText(datagram, cursor.at, cursor.end);
    cursor.at = cursor.end;
    if (oid === undefined || !cursor.enter(last) || cursor.end !== last) return undefined;
    found.push({ oid, tag: cursor.tag, cell: readCell(cursor.tag, datagram, cursor) });
    cursor.at = last;
  }
  return found;
}
