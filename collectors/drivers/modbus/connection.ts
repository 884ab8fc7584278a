import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import modbus from 'modbus-serial';
import { FieldError } from '../driver.ts';
import type { Span } from './blocks.ts';

/** The device answered, but with an exception: the connection is sound. */
export class ModbusException extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`Modbus exception ${code}`);
    this.name = 'ModbusException';
    this.code = code;
  }
}

export interface Connection {
  readonly usable: boolean;
  /**
   * The bytes of the answer. One request at a time: transaction ids wrap at 256 in the library, and answers that
   * overtake each other would be mistaken. Rejects with ModbusException, or FieldError, after which the connection is
   * closed: a late answer must never meet the next request.
   */
  read(unit: number, span: Span, options: ReadOptions): Promise<Buffer>;
  close(): void;
}

export interface ReadOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Dials once. The socket is ours, not the library's: it is destroyed for certain, and its end is always noticed. */
export async function openConnection(
  place: { readonly host: string; readonly port: number; readonly pauseMs: number },
  options: ReadOptions,
): Promise<Connection> {
  const where = `${place.host}:${place.port}`;
  const socket = connect({ host: place.host, port: place.port, noDelay: true });
  const end = watchEnd(socket);
  try {
    const connected = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await settleWithin(connected, `connect to ${where}`, { ...options, end });
    // Some gateways drop what arrives right after the handshake.
    if (place.pauseMs > 0) await sleep(place.pauseMs, undefined, { signal: options.signal });
    const client = new modbus.default();
    await client.linkTCP(socket, { port: place.port });
    return asConnection(client, socket, end);
  } catch (error) {
    socket.destroy();
    throw asFieldError(error);
  }
}

type Client = InstanceType<typeof modbus.default>;
interface End {
  reason: Error | undefined;
  onEnd: (() => void) | undefined;
}

function asConnection(client: Client, socket: Socket, end: End): Connection {
  const close = (): void => {
    socket.destroy();
  };
  return {
    get usable() {
      return end.reason === undefined && socket.readyState === 'open';
    },
    async read(unit, span, options) {
      const what = `${span.function} ${span.address}+${span.length} of unit ${unit}`;
      try {
        client.setID(unit);
        const bytes = await settleWithin(request(client, span), what, { ...options, end });
        const bits = span.function === 'coil' || span.function === 'discrete';
        const expected = bits ? Math.ceil(span.length / 8) : span.length * 2;
        if (bytes.length === expected) return bytes;
        throw new FieldError('protocol', `${bytes.length} bytes where ${expected} were asked for: ${what}`);
      } catch (error) {
        const code = exceptionCode(error);
        if (code !== undefined) throw new ModbusException(code);
        close();
        throw asFieldError(error);
      }
    },
    close,
  };
}

/** The only calls of this product into Modbus: functions 1 to 4. Nothing here can write. */
async function request(client: Client, { function: name, address, length }: Span): Promise<Buffer> {
  switch (name) {
    case 'coil':
      return (await client.readCoils(address, length)).buffer;
    case 'discrete':
      return (await client.readDiscreteInputs(address, length)).buffer;
    case 'holding':
      return (await client.readHoldingRegisters(address, length)).buffer;
    case 'input':
      return (await client.readInputRegisters(address, length)).buffer;
  }
}

function watchEnd(socket: Socket): End {
  const end: End = { reason: undefined, onEnd: undefined };
  socket.once('error', (error) => (end.reason = error));
  socket.once('close', () => {
    end.reason ??= new FieldError('refused', 'connection closed by the device');
    end.onEnd?.();
  });
  return end;
}

/** The library leaves a request pending when its socket dies, so deadline, abort and end all count here. */
async function settleWithin<T>(
  work: Promise<T>,
  what: string,
  options: ReadOptions & { end: End },
): Promise<T> {
  const { timeoutMs, signal, end } = options;
  let cleanUp = (): void => undefined;
  const cut = new Promise<never>((_resolve, reject) => {
    const ended = (): void => reject(end.reason ?? new FieldError('refused', 'connection closed'));
    const aborted = (): void => reject(new FieldError('timeout', `given up: ${what}`));
    const late = (): void => reject(new FieldError('timeout', `no answer within ${timeoutMs} ms: ${what}`));
    const timer = setTimeout(late, timeoutMs);
    signal.addEventListener('abort', aborted, { once: true });
    end.onEnd = ended;
    cleanUp = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      end.onEnd = undefined;
    };
    if (signal.aborted) aborted();
    if (end.reason !== undefined) ended();
  });
  try {
    return await Promise.race([work, cut]);
  } finally {
    cleanUp();
  }
}

/** The library's errors are not all instances of Error. */
function asFieldError(error: unknown): FieldError {
  if (error instanceof FieldError) return error;
  if (error instanceof Error && error.name === 'AbortError') return new FieldError('timeout', 'given up');
  const message = isRecord(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
  const code = isRecord(error) ? (error['code'] ?? error['errno']) : undefined;
  const refused =
    typeof code === 'string' && /^E(CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|NETUNREACH)$/.test(code);
  return new FieldError(refused ? 'refused' : 'protocol', message, { cause: error });
}

function exceptionCode(error: unknown): number | undefined {
  return isRecord(error) && typeof error['modbusCode'] === 'number' ? error['modbusCode'] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
