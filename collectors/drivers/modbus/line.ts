import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SerialLine } from '../../../config/model.ts';
import { serialText } from '../../../config/build/address.ts';
import { FieldError } from '../driver.ts';
import {
  type Connection, type DialOptions, type End, asFieldError, describe, fromAnother, settleWithin,
} from './connection.ts'; // prettier-ignore
import { ModbusException } from './exceptions.ts';
import { type Request, isBits, rtuFraming } from './frame.ts';
import { lineTrouble } from './line-trouble.ts';

/** Of an open serial port, as far as it is used here. */
interface Stream extends EventEmitter {
  readonly isOpen: boolean;
  open(callback: (error: Error | null) => void): void;
  close(callback: (error: Error | null) => void): void;
  write(bytes: Buffer): unknown;
}

/**
 * Opens a serial line. modbus-serial asks and understands the answers; between it and the port stands `LinePort`, which hands it
 * whole frames only. The libraries are loaded when the first line is opened: without one nobody needs their native part.
 */
export async function openLine(line: SerialLine, options: DialOptions): Promise<Connection> {
  const [{ SerialPort }, modbus] = await Promise.all([import('serialport'), import('modbus-serial')]);
  const { path, baudRate, parity, stopBits } = line;
  // Without `hupcl` the modem lines stay as they are between two openings: adapters that power a converter by them keep it alive.
  const stream = new SerialPort({
    path,
    baudRate,
    parity,
    stopBits,
    dataBits: 8,
    hupcl: false,
    autoOpen: false,
  });
  const port = new LinePort(stream);
  const client = new modbus.default.default(port);
  client.on('error', (error: unknown) => (port.end.reason ??= lineTrouble(line, error)));
  const opened = new Promise<void>((resolve, reject) => {
    client.open((error: Error | null) => (error === null ? resolve() : reject(lineTrouble(line, error))));
  });
  try {
    await settleWithin(opened, `open ${path}`, { ...options, end: port.end });
    if (options.pauseMs > 0) await sleep(options.pauseMs, undefined, { signal: options.signal });
  } catch (error) {
    // What was given up while it opened is closed as soon as it is open.
    void opened.then(
      () => port.shut(),
      () => undefined,
    );
    throw asFieldError(error);
  }
  stream.once('close', (error: unknown) => port.ended(lineTrouble(line, error ?? new Error('closed'))));

  return {
    get usable() {
      return port.end.reason === undefined && port.isOpen;
    },
    async read(ask) {
      const request = { unit: ask.unit, span: ask.span, transaction: 0 };
      port.expect(request, ask.onMalformed);
      client.setID(ask.unit);
      const timeoutMs = ask.timeoutMs + wireMs(request, line);
      try {
        const answered = readBy(client, request);
        return await settleWithin(answered, describe(request).asked, { ...ask, timeoutMs, end: port.end });
      } catch (error) {
        const code = exceptionCode(error);
        if (code !== undefined) throw new ModbusException(code, describe(request));
        const trouble = port.explain(request, asFieldError(error), serialText(line));
        // Closed before anything is asked again: the port can be opened once only, and what it still holds is lost with it.
        await port.shut();
        throw trouble;
      } finally {
        port.expect(undefined, ask.onMalformed);
      }
    },
    close: () => void port.shut(),
  };
}

type Client = Record<
  'readCoils' | 'readDiscreteInputs' | 'readHoldingRegisters' | 'readInputRegisters',
  (address: number, length: number) => Promise<{ readonly buffer: Buffer }>
>;
const methods = {
  coil: 'readCoils',
  discrete: 'readDiscreteInputs',
  holding: 'readHoldingRegisters',
  input: 'readInputRegisters',
} as const;

async function readBy(client: Client, { span }: Request): Promise<Buffer> {
  const { buffer } = await client[methods[span.function]](span.address, span.length);
  return buffer;
}

function exceptionCode(error: unknown): number | undefined {
  return error instanceof Error && 'modbusCode' in error && typeof error.modbusCode === 'number'
    ? error.modbusCode
    : undefined;
}

/** How long request and answer take on the wire, eleven bits a byte, ms. */
function wireMs({ span }: Request, { baudRate }: SerialLine): number {
  const values = isBits(span.function) ? Math.ceil(span.length / 8) : span.length * 2;
  const bytes = 8 + 5 + values;
  return Math.ceil((bytes * 11 * 1_000) / baudRate);
}

/** Unit and function before an answer, and its CRC behind it. */
const frameBytes = { answer: 5, exception: 5 } as const;
/** An answer is 256 bytes at most. */
const mostHeard = 512;

/**
 * What modbus-serial takes for its port. The library's own keeps bytes from one request to the next and drops in silence what it does
 * not understand; here each request begins with nothing, and what else came is counted and explained.
 */
class LinePort extends EventEmitter {
  readonly end: End = { reason: undefined, onEnd: undefined };
  readonly #stream: Stream;
  #request: Request | undefined;
  #onMalformed = (): void => undefined;
  #bytes: Buffer = Buffer.alloc(0);
  /** Everything since the request. */
  #heard: Buffer = Buffer.alloc(0);

  constructor(stream: Stream) {
    super();
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('error', (error: unknown) => this.emit('error', error));
  }

  get isOpen(): boolean {
    return this.#stream.isOpen;
  }

  open(callback: (error: Error | null) => void): void {
    this.#stream.open(callback);
  }

  write(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  /** Resolves when the port is free again. */
  shut(): Promise<void> {
    this.end.reason ??= new FieldError('refused', 'closed');
    return new Promise((resolve) => {
      if (this.#stream.isOpen) this.#stream.close(() => resolve());
      else resolve();
    });
  }

  ended(reason: FieldError): void {
    this.end.reason ??= reason;
    this.end.onEnd?.();
  }

  /** @param request undefined: whatever comes now is no answer */
  expect(request: Request | undefined, onMalformed: () => void): void {
    this.#request = request;
    this.#onMalformed = onMalformed;
    this.#bytes = Buffer.alloc(0);
    this.#heard = Buffer.alloc(0);
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#heard = Buffer.concat([this.#heard, chunk]).subarray(0, mostHeard);
    const { used, dropped, answer, exception } = rtuFraming.scan(this.#bytes, this.#request);
    if (dropped > 0) this.#onMalformed();
    const length =
      answer !== undefined
        ? frameBytes.answer + answer.length
        : exception !== undefined
          ? frameBytes.exception
          : undefined;
    const frame = length === undefined ? undefined : this.#bytes.subarray(used - length, used);
    this.#bytes = this.#bytes.subarray(used);
    if (frame !== undefined) this.emit('data', frame);
  }

  /** Silence is one thing; bytes that make no sense are another, and say what to look at. */
  explain(request: Request, error: FieldError, settings: string): FieldError {
    if (error.kind !== 'timeout') return error;
    const stranger = rtuFraming.otherUnit?.(this.#heard, request);
    if (stranger !== undefined) return fromAnother(stranger, request, error);
    if (this.#heard.length === 0)
      return new FieldError('timeout', `${error.message} (line set to ${settings})`);
    return new FieldError(
      'protocol',
      `${this.#heard.length} bytes came that are no sound answer to ${describe(request).asked}: check that the line is ${settings} at the device too (baud rate, parity), and that no two devices on it have the same unit`,
    );
  }
}
