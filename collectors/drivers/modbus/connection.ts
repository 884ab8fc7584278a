import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../core/clock.ts';
import { onSilence } from '../../../core/silence.ts';
import { FieldError } from '../driver.ts';
import type { Span } from './registers.ts';
import { ModbusException } from './exceptions.ts';
import type { Framing, Request } from './frame.ts';

/** One question, and who asks. */
export interface Ask {
  readonly unit: number;
  readonly span: Span;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Those of the same gateway that are in no such case go first, as far as that leaves this one a turn. */
  readonly canWait?: boolean;
  /** Something came that is no answer to this question: a broken frame, another unit's, one that comes twice. */
  readonly onMalformed: () => void;
}

export interface Connection {
  readonly usable: boolean;
  /**
   * The bytes of the answer, one request at a time. Rejects with ModbusException, or with FieldError, after which the
   * connection is closed: a late answer must never meet the next request.
   */
  read(ask: Ask): Promise<Buffer>;
  close(): void;
}

/** Bytes that nobody asked for, since the last answer; after more than this many the connection is given up. */
const mostJunk = 4_096;
/** An answer is 256 bytes at most. */
const mostHeard = 512;

export interface DialOptions extends Pick<Ask, 'timeoutMs' | 'signal'> {
  /** Between connecting and the first request. */
  readonly pauseMs: number;
}

/** Dials once. The socket is ours: it is destroyed for certain, and its end is always noticed. */
export async function openConnection(
  place: { readonly host: string; readonly port: number; readonly framing: Framing },
  options: DialOptions,
): Promise<Connection> {
  const where = `${place.host}:${place.port}`;
  const socket = connect({ host: place.host, port: place.port, noDelay: true });
  const end = watchEnd(socket);
  try {
    const connected = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await settleWithin(connected, `connect to ${where}`, { ...options, end });
    // Some gateways drop what arrives right after the handshake.
    if (options.pauseMs > 0) await sleep(options.pauseMs, undefined, { signal: options.signal });
    return asConnection(socket, end, place.framing);
  } catch (error) {
    socket.destroy();
    throw asFieldError(error);
  }
}

/** Why a connection ended, once it did. */
export interface End {
  reason: Error | undefined;
  onEnd: (() => void) | undefined;
}

interface Pending {
  readonly request: Request;
  /** Who answered instead. */
  otherUnit?: number | undefined;
  /** The first bytes that came, where only the whole of them shows who answered instead. */
  heard: Buffer;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (reason: Error) => void;
}

function asConnection(socket: Socket, end: End, framing: Framing): Connection {
  let bytes: Buffer = Buffer.alloc(0);
  let transaction = 0;
  let junk = 0;
  let pending: Pending | undefined;
  // Unsolicited bytes are reported to the last caller: they are its answer, repeated or late.
  let onMalformed = (): void => undefined;

  function take(chunk: Buffer): void {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const waiting = pending;
    const { used, dropped, answer, exception, broken, otherUnit } = framing.scan(bytes, waiting?.request);
    if (otherUnit !== undefined && waiting !== undefined) waiting.otherUnit = otherUnit;
    if (waiting !== undefined && framing.otherUnit !== undefined)
      waiting.heard = Buffer.concat([waiting.heard, chunk]).subarray(0, mostHeard);
    bytes = bytes.subarray(used);
    junk = answer === undefined && exception === undefined ? junk + used : 0;
    for (let count = 0; count < dropped; count += 1) onMalformed();
    if (broken !== undefined || junk > mostJunk) {
      onMalformed();
      waiting?.reject(new FieldError('protocol', broken ?? `${junk} bytes that nobody asked for`));
      socket.destroy();
      return;
    }
    if (waiting === undefined || (answer === undefined && exception === undefined)) return;
    pending = undefined;
    if (answer !== undefined) waiting.resolve(answer);
    else waiting.reject(new ModbusException(exception ?? 0, describe(waiting.request)));
    if (bytes.length > 0) take(Buffer.alloc(0));
  }
  socket.on('data', take);

  return {
    get usable() {
      return end.reason === undefined && socket.readyState === 'open';
    },
    async read(ask) {
      transaction = (transaction + 1) & 0xffff;
      onMalformed = ask.onMalformed;
      const request = { unit: ask.unit, span: ask.span, transaction };
      const answered = new Promise<Buffer>((resolve, reject) => {
        pending = { request, resolve, reject, heard: Buffer.alloc(0) };
        socket.write(framing.encode(request));
      });
      try {
        return await settleWithin(answered, describe(request).asked, { ...ask, end });
      } catch (error) {
        if (error instanceof ModbusException) throw error;
        if (pending !== undefined) pending.otherUnit ??= framing.otherUnit?.(pending.heard, request);
        socket.destroy();
        throw withStranger(pending, asFieldError(error));
      } finally {
        pending = undefined;
      }
    },
    close() {
      socket.destroy();
    },
  };
}

function withStranger(pending: Pending | undefined, error: FieldError): FieldError {
  return pending?.otherUnit === undefined ? error : fromAnother(pending.otherUnit, pending.request, error);
}

/** Silence of the unit that was asked, while another one spoke, is a matter of the address and not of the line. */
export function fromAnother(otherUnit: number, request: Request, error: FieldError): FieldError {
  if (error.kind !== 'timeout') return error;
  const { unit, asked } = describe(request);
  return new FieldError(
    'protocol',
    `an answer came from unit ${otherUnit} (asked: ${unit}), which is refused: ${asked}; if that is the device, its address ends in /${otherUnit}`,
  );
}

export function describe({ unit, span }: Request): { unit: number; asked: string } {
  return { unit, asked: `${span.function} ${span.address}+${span.length} of unit ${unit}` };
}

function watchEnd(socket: Socket): End {
  const end: End = { reason: undefined, onEnd: undefined };
  socket.on('error', (error) => (end.reason ??= error));
  socket.once('close', () => {
    end.reason ??= new FieldError('refused', 'connection closed by the device');
    end.onEnd?.();
  });
  return end;
}

/** Deadline, abort and the socket's end all count while work is under way. */
export function settleWithin<T>(
  work: Promise<T>,
  what: string,
  options: Pick<Ask, 'timeoutMs' | 'signal'> & { end: End },
): Promise<T> {
  const { timeoutMs, signal, end } = options;
  return new Promise((resolve, reject) => {
    let isOver = false;
    /** What settles first counts; afterwards the socket's end is another request's. */
    const isFirst = (): boolean => {
      if (isOver) return false;
      isOver = true;
      hear();
      signal.removeEventListener('abort', aborted);
      end.onEnd = undefined;
      return true;
    };
    const succeed = (value: T): void => {
      if (isFirst()) resolve(value);
    };
    const fail = (error: unknown): void => {
      if (isFirst()) reject(error);
    };
    const ended = (): void => fail(end.reason ?? new FieldError('refused', 'connection closed'));
    const aborted = (): void => fail(new FieldError('timeout', `given up: ${what}`));
    const late = (): void => fail(new FieldError('timeout', `no answer within ${timeoutMs} ms: ${what}`));
    const hear = onSilence(systemClock, timeoutMs, late);
    signal.addEventListener('abort', aborted, { once: true });
    end.onEnd = ended;
    if (signal.aborted) aborted();
    else if (end.reason !== undefined) ended();
    work.then(succeed, fail);
  });
}

export function asFieldError(error: unknown): FieldError {
  if (error instanceof FieldError) return error;
  if (!(error instanceof Error)) return new FieldError('protocol', String(error));
  if (error.name === 'AbortError') return new FieldError('timeout', 'given up');
  const code = 'code' in error ? error.code : undefined;
  const refused =
    typeof code === 'string' && /^E(CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|NETUNREACH)$/.test(code);
  return new FieldError(refused ? 'refused' : 'protocol', error.message, { cause: error });
}
