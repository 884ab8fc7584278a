import { randomInt } from 'node:crypto';
import { FieldError, type Fault } from '../driver.ts';
import {
  type Answer,
  type TypedFound,
  ask,
  maxAnswerBytes,
  readAnswer,
  readCells,
  readFound,
} from './ask.ts';
import type { Speaker } from './agent.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import {
  AgentError,
  type CommunityVersion,
  type Deadline,
  type Request,
  encodeRequest,
  errorCode,
  firstId,
  lastId,
  tooBigStatus,
  versionNumber,
} from './request.ts';
import type { Cell } from './cells.ts';

interface Asking {
  readonly id: number;
  /** Takes the answer; false if it cannot be understood. */
  readonly take: (datagram: Buffer, answer: Answer) => boolean;
  readonly failed: (error: Error) => void;
}

/** Ids whose answer may still come. */
const lateIds = 8;

/** SNMP v1 and v2c by our own codec: a request is encoded once, an answer decoded where it lies. */
export class CommunityConnection implements Connection, Speaker {
  readonly #options: ConnectionOptions;
  readonly #version: CommunityVersion;
  readonly #community: string;
  readonly #communityBytes: Buffer;
  readonly #requests = new WeakMap<readonly string[], Request>();
  #id = randomInt(firstId, lastId);
  #asking: Asking | undefined;
  /** Given up on, oldest first: the timeout was counted, the answer that comes after all is not. */
  readonly #late: number[] = [];
  #closed = false;

  constructor(
    options: ConnectionOptions,
    { version, community }: { readonly version: CommunityVersion; readonly community: string },
  ) {
    this.#options = options;
    this.#version = version;
    this.#community = community;
    // Kept as long as the device: in the pool of small buffers each would hold 8 kB of it.
    this.#communityBytes = Buffer.alloc(community.length);
    this.#communityBytes.write(community, 'latin1');
  }

  get(oids: readonly string[], deadline: Deadline): Promise<readonly Cell[]> {
    let request = this.#requests.get(oids);
    if (request === undefined) {
      request = this.#encode({ kind: 'get', oids });
      this.#requests.set(oids, request);
    }
    const { asked } = request;
    return this.#ask(request, deadline, (datagram, answer) => readCells(datagram, answer, asked));
  }

  following(oid: string, repetitions: number, deadline: Deadline): Promise<readonly TypedFound[]> {
    const request =
      this.#version === '1'
        ? this.#encode({ kind: 'getNext', oids: [oid] })
        : this.#encode({ kind: 'getBulk', oids: [oid], repetitions });
    return this.#ask(request, deadline, readFound);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#asking?.failed(new FieldError('timeout', 'the session was closed'));
    this.#options.agent.leave(this);
  }

  receive(datagram: Buffer): void {
    const answer = readAnswer(datagram, versionNumber[this.#version], this.#communityBytes);
    const asking = this.#asking;
    if (answer !== undefined && answer.id === asking?.id) {
      if (!asking.take(datagram, answer)) this.fault('malformed');
    } else if (answer === undefined || !this.#isLate(answer.id)) this.fault('malformed');
  }

  failed(error: Error): void {
    this.#asking?.failed(new FieldError('refused', errorCode(error) ?? error.message, { cause: error }));
  }

  fault(fault: Fault): void {
    this.#options.onFault(fault);
  }

  #encode(what: Pick<Parameters<typeof encodeRequest>[0], 'kind' | 'oids' | 'repetitions'>): Request {
    return encodeRequest({ version: this.#version, community: this.#community, ...what });
  }

  #ask<T>(
    { datagram, idAt }: Request,
    deadline: Deadline,
    read: (datagram: Buffer, answer: Answer) => T | undefined,
  ): Promise<T> {
    if (this.#closed) return Promise.reject(new FieldError('timeout', 'the session was closed'));
    const { agent } = this.#options;
    const start = (answered: (value: T) => void, fail: (error: Error) => void): void => {
      const id = this.#nextId();
      const failed = (error: Error): void => {
        this.#asking = undefined;
        fail(error);
      };
      const take = (bytes: Buffer, answer: Answer): boolean => {
        if (answer.status !== 0 || bytes.length > maxAnswerBytes) {
          failed(new AgentError(answer.status === 0 ? tooBigStatus : answer.status));
          return true;
        }
        const value = read(bytes, answer);
        if (value === undefined) return false;
        this.#asking = undefined;
        answered(value);
        return true;
      };
      this.#asking = { id, take, failed };
      datagram.writeInt32BE(id, idAt);
      agent.send(datagram);
    };
    const forget = (): void => {
      if (this.#asking !== undefined) this.#late.push(this.#asking.id);
      if (this.#late.length > lateIds) this.#late.shift();
      this.#asking = undefined;
    };
    return ask({ agent, speaker: this, start, forget }, this.#options, deadline);
  }

  #nextId(): number {
    this.#id = this.#id === lastId ? firstId : this.#id + 1;
    return this.#id;
  }

  /** An answer to each request given up on is due once; a second one is a replay. */
  #isLate(id: number): boolean {
    const place = this.#late.indexOf(id);
    if (place >= 0) this.#late.splice(place, 1);
    return place >= 0;
  }
}
