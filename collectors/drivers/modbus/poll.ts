import type { Point } from '../../../config/model.ts';
import type { Reason } from '../../../core/reading.ts';
import { FieldError, type Poll, type RawValue } from '../driver.ts';
import { type Block, type RegisterRead, type Span, decodeSpan, spanBytes, splitBlock } from './registers.ts';
import type { Ask } from './connection.ts';
import { ModbusException, type Refusal } from './exceptions.ts';
import { createProof, type Verdict } from './proof.ts';

export interface PointSpan extends Span {
  readonly point: Point;
  readonly read: RegisterRead;
}
type PointBlock = Block<PointSpan>;

/** A value of a block that reads zero. */
interface Zero {
  readonly span: PointSpan;
  readonly own: Buffer;
}

export interface PollOptions {
  /** Rejects with ModbusException or FieldError. */
  readonly ask: (span: Span, signal: AbortSignal, options?: Pick<Ask, 'canWait'>) => Promise<Buffer>;
  /** Monotonic, ms. */
  readonly now: () => number;
  /** When the whole plan is tried again after a refusal, ms: the device may have been busy, or was set up again. */
  readonly retryAfterMs: number;
  /** For people: what is missing, and when it is asked for again. Called when the number of missing values changes. */
  readonly onNote?: ((what: string) => void) | undefined;
}

/** So long of one poll is spent on proving zeros, or on one of them: values that change must not wait for those. */
const provingMs = 2_000;

/** A single value that the device refused is not asked for again so soon: it may only be starting, but most never come. */
const restMs = 30_000;

/**
 * Reads the planned blocks. What the device refuses is asked for in smaller ones, down to single values; the smaller plan
 * is kept, so that a hole in its map costs once and not at every poll, and the whole one is tried again after a while.
 */
export function createPoll(
  planned: readonly PointBlock[],
  { ask, now, retryAfterMs, onNote }: PollOptions,
): Poll {
  const proof = createProof<PointSpan>({ now, longestRetryMs: retryAfterMs });
  let noted = 0;
  let blocks = planned;
  let refusedAt: number | undefined;
  /** Blocks that cannot be made smaller and were refused. */
  const resting = new Map<PointBlock, { readonly until: number; readonly error: unknown }>();

  /** Adds the block's values; those whose zero is still to be proved are returned. */
  function takeValues(block: PointBlock, bytes: Buffer, values: RawValue[]): Zero[] {
    const zeros: Zero[] = [];
    for (const span of block.spans) {
      const own = spanBytes(block, span, bytes);
      const stoodAlone = span.length === block.length;
      if (stoodAlone || own.some((byte) => byte !== 0)) {
        values.push(rawValue(span, own));
        continue;
      }
      const verdict = proof.known(span);
      if (verdict === undefined) zeros.push({ span, own });
      else addZero({ span, own }, verdict, values);
    }
    return zeros;
  }

  function addZero({ span, own }: Zero, verdict: Verdict, values: RawValue[]): void {
    if (verdict === 'there') values.push(rawValue(span, own));
    else if (verdict === 'absent') {
      refusedAt ??= now();
      values.push({ point: span.point, raw: null, reason: 'no-value', note: unproved });
    }
  }

  const askAlone = (span: Span, signal: AbortSignal): Promise<Buffer> => ask(span, signal, { canWait: true });

  /**
   * Last of all, and after the reads of the other units, since it takes a request for each: behind a gateway with twenty units the first
   * poll would otherwise be over before a value came. What is not proved when the time is up, or the device falls silent, has no value until a later poll.
   */
  async function prove(zeros: readonly Zero[], values: RawValue[], signal: AbortSignal): Promise<void> {
    const todo = [...zeros];
    const until = now() + provingMs;
    try {
      for (const zero of zeros) {
        if (todo.length < zeros.length && now() >= until)
          throw new FieldError('busy', 'left for the next poll');
        addZero(zero, await proof.ofZero(zero.span, (span) => askAlone(span, signal)), values);
        todo.shift();
      }
    } catch (error) {
      for (const { span } of todo) values.push({ point: span.point, raw: null, reason: 'timeout', ...noteOf(error) }); // prettier-ignore
    }
  }

  function noteAbsent(): void {
    const pending = proof.pending();
    const absent = pending?.absent ?? 0;
    if (pending !== undefined && absent !== noted) onNote?.(absentText(absent, pending.inMs));
    noted = absent;
  }

  return {
    async read(signal, _withinMs, early) {
      if (refusedAt !== undefined && now() - refusedAt >= retryAfterMs) {
        refusedAt = undefined;
        blocks = planned;
        resting.clear();
        proof.forget();
      }
      const next: PointBlock[] = [];
      const values: RawValue[] = [];
      const zeros: Zero[] = [];
      const begun = now();
      const rests = (block: PointBlock): boolean => (resting.get(block)?.until ?? 0) > begun;
      // At least one is asked, or nobody would know whether the device is still there.
      const todo = blocks.some((block) => !rests(block))
        ? blocks.filter((block) => !rests(block))
        : blocks.slice(0, 1);
      let answered = false;
      let lastRefusal: unknown;
      const miss = (block: PointBlock, reason: Reason, error: unknown): void => {
        next.push(block);
        const note = noteOf(error);
        for (const { point } of block.spans) values.push({ point, raw: null, reason, ...note });
      };
      for (const block of blocks)
        if (!todo.includes(block)) miss(block, 'no-value', resting.get(block)?.error);
      for (let block = todo.shift(); block !== undefined; block = todo.shift()) {
        try {
          const bytes = await ask(block, signal);
          answered = true;
          zeros.push(...takeValues(block, bytes, values));
          next.push(block);
        } catch (error) {
          const refusal = refusalOf(error);
          if (refusal === 'absent') {
            // Without any answer the device is not there; with some, only the rest of this poll is missing.
            if (!answered) throw asFieldError(error);
            for (const rest of [block, ...todo.splice(0)]) miss(rest, 'timeout', error);
            continue;
          }
          lastRefusal = error;
          if (refusal === 'place') refusedAt ??= now();
          const smaller = refusal === 'place' ? splitBlock(block) : [];
          todo.unshift(...smaller);
          if (smaller.length === 0) miss(block, refusal === 'later' ? 'timeout' : 'no-value', error);
          if (smaller.length === 0 && refusal === 'place')
            resting.set(block, { until: begun + restMs, error });
          answered ||= refusal === 'place';
        }
      }
      if (!answered && lastRefusal !== undefined) throw asFieldError(lastRefusal);
      blocks = next;
      if (zeros.length > 0) {
        const certain = early === undefined ? [] : values.filter(({ raw }) => raw !== null);
        if (certain.length > 0) {
          early?.(certain);
          values.splice(0, values.length, ...values.filter(({ raw }) => raw === null));
        }
        await prove(zeros, values, signal);
      }
      if (answered) await proof.retry((span) => askAlone(span, signal));
      noteAbsent();
      return values;
    },
  };
}

const unproved =
  'zero inside a block, but not answered when asked for alone: the device has no such register';

function absentText(absent: number, inMs: number): string {
  const seconds = Math.ceil(inMs / 1_000);
  return `${absent} values read zero inside a block but were not answered when asked for alone: no value; asked again in ${seconds} s`;
}

/** Whatever is no exception of the device itself is no answer of it at all. */
function refusalOf(error: unknown): Refusal {
  return error instanceof ModbusException ? error.refusal : 'absent';
}

function asFieldError(error: unknown): unknown {
  if (!(error instanceof ModbusException)) return error;
  const kind = error.refusal === 'absent' ? 'timeout' : 'refused';
  return new FieldError(kind, error.message, { cause: error });
}

function noteOf(error: unknown): { note?: string } {
  if (error instanceof ModbusException) return { note: error.meaning };
  return error instanceof Error ? { note: error.message } : {};
}

function rawValue({ point, function: name, read }: PointSpan, bytes: Buffer): RawValue {
  const raw = decodeSpan(name, bytes, read);
  return raw === null ? { point, raw, reason: 'no-value' } : { point, raw };
}
