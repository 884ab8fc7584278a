import { type Socket, connect } from 'node:net';

/** What a unit says of itself (Read Device Identification, function 43/14), or that it is there without saying anything. */
export interface ModbusUnit {
  readonly unit: number;
  /** Vendor, product code, revision and the like, in the order of their numbers; empty: it does not know the function. */
  readonly texts: readonly string[];
}

const headBytes = 7;
const readIdentification = [0x2b, 0x0e, 0x01, 0x00] as const;
const readFirstRegister = [0x03, 0x00, 0x00, 0x00, 0x01] as const;
/** A gateway says by these that nobody is behind it under this number. */
const noUnit: ReadonlySet<number> = new Set([0x0a, 0x0b]);
/** Vendor, product code, revision, and what regular identification adds. */
const mostObjects = 20;
/**
 * A slow gateway passes a request on to a slow line; somebody who listens is worth the wait, for the two questions to the first unit. Most
 * gateways report a unit that is not there, which is an answer.
 */
const firstAnswerMs = 3_000;
const patientQuestions = 2;
const timesTheSlowest = 3;

/**
 * The units that answer at a Modbus TCP port, asked one after another over one connection. Reads only. Empty: nothing listens there, or
 * nobody answers as Modbus does. `timeoutMs` is for the connection, and the least for an answer.
 */
export async function modbusUnits(
  { host, port }: { readonly host: string; readonly port: number },
  units: readonly number[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ModbusUnit[]> {
  const found: ModbusUnit[] = [];
  const line = new Line(host, port, { timeoutMs, signal });
  try {
    for (const unit of units) {
      if (signal.aborted) break;
      const said = await line.ask(unit, readIdentification);
      if (line.isRefused) break;
      // Some devices are silent to functions that they do not know.
      const pdu = said ?? (await line.ask(unit, readFirstRegister));
      if (pdu !== undefined && !isAbsent(pdu)) found.push({ unit, texts: textsOf(pdu) });
    }
  } finally {
    line.close();
  }
  return found;
}

function isAbsent(pdu: Buffer): boolean {
  const [code = 0, exception = 0] = pdu;
  return code >= 0x80 && noUnit.has(exception);
}

/** The objects of an identification; empty for any other answer. */
function textsOf(pdu: Buffer): string[] {
  if (pdu[0] !== readIdentification[0] || pdu[1] !== readIdentification[1]) return [];
  const texts: string[] = [];
  const count = Math.min(pdu[6] ?? 0, mostObjects);
  for (let at = 7; texts.length < count && at + 2 <= pdu.length;) {
    const length = pdu[at + 1] ?? 0;
    texts.push(
      pdu
        .toString('latin1', at + 2, at + 2 + length)
        .replaceAll(/\p{Cc}/gu, '')
        .trim(),
    );
    at += 2 + length;
  }
  return texts.filter((text) => text !== '');
}

/** A connection that is opened again after silence: a late answer must not meet the next question. */
class Line {
  readonly #host: string;
  readonly #port: number;
  readonly #options: { readonly timeoutMs: number; readonly signal: AbortSignal };
  #socket: Socket | undefined;
  #transaction = 0;
  /** How long its slowest answer took so far. */
  #slowestMs: number | undefined;
  #unanswered = 0;
  /** Nothing listens. */
  isRefused = false;

  constructor(host: string, port: number, options: { timeoutMs: number; signal: AbortSignal }) {
    this.#host = host;
    this.#port = port;
    this.#options = options;
  }

  /** The PDU of the answer; undefined: none came in time. */
  async ask(unit: number, question: readonly number[]): Promise<Buffer | undefined> {
    const socket = (this.#socket ??= await this.#open());
    if (socket === undefined) return undefined;
    this.#transaction += 1;
    const head = Buffer.alloc(headBytes);
    head.writeUInt16BE(this.#transaction, 0);
    head.writeUInt16BE(question.length + 1, 4);
    head.writeUInt8(unit, 6);
    const asked = performance.now();
    const answer = await this.#exchange(socket, Buffer.concat([head, Buffer.from(question)]), head);
    if (answer === undefined) {
      this.#unanswered += 1;
      this.close();
    } else this.#slowestMs = Math.max(this.#slowestMs ?? 0, performance.now() - asked);
    return answer;
  }

  /** Of one who has answered, what its answers take; before that, what a slow one takes. */
  get #patienceMs(): number {
    const { timeoutMs } = this.#options;
    if (this.#slowestMs !== undefined) return Math.max(timeoutMs, timesTheSlowest * this.#slowestMs);
    return this.#unanswered < patientQuestions ? Math.max(timeoutMs, firstAnswerMs) : timeoutMs;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, this.#host);
      const fail = (): void => {
        this.isRefused = true;
        socket.destroy();
        resolve(undefined);
      };
      socket.setTimeout(this.#options.timeoutMs, fail);
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.off('error', fail);
        // The end of a connection shows as silence.
        socket.on('error', () => undefined);
        resolve(socket);
      });
    });
  }

  #exchange(socket: Socket, request: Buffer, head: Buffer): Promise<Buffer | undefined> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      let bytes = Buffer.alloc(0);
      const finish = (pdu: Buffer | undefined): void => {
        clearTimeout(timer);
        socket.off('data', take).off('close', end);
        signal.removeEventListener('abort', end);
        resolve(pdu);
      };
      const end = (): void => finish(undefined);
      const take = (more: Buffer): void => {
        bytes = Buffer.concat([bytes, more]);
        if (bytes.length < headBytes) return;
        const length = bytes.readUInt16BE(4) - 1;
        const isOurs = bytes.readUInt16BE(0) === head.readUInt16BE(0) && bytes[6] === head[6];
        if (bytes.readUInt16BE(2) !== 0 || length < 2 || length > 253 || !isOurs) end();
        else if (bytes.length >= headBytes + length) finish(bytes.subarray(headBytes, headBytes + length));
      };
      const timer = setTimeout(end, this.#patienceMs);
      socket.on('data', take).once('close', end);
      signal.addEventListener('abort', end, { once: true });
      socket.write(request);
    });
  }
}
