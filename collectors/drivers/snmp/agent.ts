import type { Fault } from '../driver.ts';
import { AgentSocket, isRefused, resolveTarget, type Target } from './transport.ts';
import { Turns } from './request.ts';

/** Who talks with an agent; what arrives is for the one that asks, or asked last. */
export interface Speaker {
  receive(datagram: Buffer): void;
  /** The system would not send. */
  failed(error: Error): void;
  fault(fault: Fault): void;
}

/** A closed port is looked for again after so long. */
const diagnosisMs = 60_000;

/**
 * An agent, by host and port: one socket, and one request at a time whichever devices stand behind it. The socket is there
 * while somebody uses it, so that the name is resolved again after a fault.
 */
export class Agent {
  readonly host: string;
  readonly port: number;
  readonly turns = new Turns();
  /** Who asks, or asked last. */
  speaker: Speaker | undefined;
  #users = 0;
  #opening: Promise<AgentSocket> | undefined;
  #target: Target | undefined;
  #socket: AgentSocket | undefined;
  #diagnosis: { readonly refused: Promise<boolean>; readonly at: number } | undefined;
  #refused = false;
  #last: Buffer | undefined;
  /** Who answered in its place, as long as it has not answered itself. */
  #stranger: string | undefined;

  constructor(host: string, port: number) {
    this.host = host;
    this.port = port;
  }

  /** Resolves the name and opens the socket, if nobody has. Rejects with FieldError `refused`. `leave` is due after success. */
  async join(): Promise<void> {
    this.#users += 1;
    const opening = (this.#opening ??= this.#open());
    try {
      const socket = await opening;
      if (this.#opening === opening) this.#socket = socket;
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(speaker?: Speaker): void {
    if (this.speaker === speaker) this.speaker = undefined;
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#socket = undefined;
    this.#opening?.then(
      (socket) => socket.close(),
      () => undefined,
    );
    this.#opening = undefined;
  }

  send(datagram: Buffer): void {
    this.#last = datagram;
    this.#socket?.send(datagram);
  }

  /** When last looked at, its port was closed, and nothing has arrived since. */
  get wasRefused(): boolean {
    return this.#refused;
  }

  /** It stayed silent: is the port closed? Looked at once a minute, and again after it has answered. */
  async isRefused(): Promise<boolean> {
    if (this.#target === undefined || this.#last === undefined) return false;
    const now = performance.now();
    if (this.#diagnosis === undefined || now - this.#diagnosis.at > diagnosisMs)
      this.#diagnosis = { refused: isRefused(this.#target, this.#last), at: now };
    const { refused } = this.#diagnosis;
    this.#refused = (await refused) && this.#diagnosis?.refused === refused;
    return this.#refused;
  }

  /** Its silence in words; an answer from elsewhere is a matter of the address and not of the network. */
  silence(): string {
    return this.#stranger === undefined
      ? 'no answer'
      : `no answer, but one came from ${this.#stranger}, which is refused: if that is the device (several addresses, NAT), it must answer from where it is asked, or be configured by that address`;
  }

  async #open(): Promise<AgentSocket> {
    this.#target = await resolveTarget(this.host, this.port);
    return AgentSocket.open(this.#target, {
      datagram: (bytes) => {
        this.#diagnosis = undefined;
        this.#refused = false;
        this.#stranger = undefined;
        this.speaker?.receive(bytes);
      },
      stranger: (from) => {
        this.#stranger = from;
        this.speaker?.fault('wrongSource');
      },
      failed: (error) => this.speaker?.failed(error),
    });
  }
}

/** Every agent of a driver once. */
export class Agents {
  readonly #agents = new Map<string, Agent>();

  at(host: string, port: number): Agent {
    const key = `${host} ${port}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = new Agent(host, port);
      this.#agents.set(key, agent);
    }
    return agent;
  }
}
