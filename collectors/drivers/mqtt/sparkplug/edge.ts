import type { Logger } from 'pino';
import type { Instant } from '../../../../core/clock.ts';
import type { Reading } from '../../../../core/reading.ts';
import { createFloodGate } from '../broker.ts';
import { bytesToRead, maxPayloadBytes, type Message } from '../message.ts';
import { type Member, afterAsking, mayAsk, rebirthCommand, unasked } from './member.ts';
import { decodePayload, type Payload } from './payload.ts';
import { step, unborn, type EdgeMessage, type Step } from './session.ts';
import { commandTopic, type EdgeAddress } from './wire.ts';

type Sender = Pick<EdgeMessage, 'type' | 'device'>;

/** Publishes now or not at all; false: there is no connection. */
export type Publish = (topic: string, payload: Buffer) => boolean;

/** One edge node with those of its devices that are configured. Readings are returned. */
export interface Edge {
  /** The connection is new: nobody knows what was missed. */
  connected(): void;
  receive(sender: Sender, message: Message, now: Instant): Reading[];
  /** Takes what waited, keeps what did not change from going stale, and asks for a rebirth if one is wanted and due. */
  tick(now: Instant, publish: Publish | undefined): Reading[];
}

interface EdgeOptions {
  readonly address: EdgeAddress;
  readonly members: readonly Member[];
  readonly log: Logger;
}

export function createEdge({ address, members, log }: EdgeOptions): Edge {
  const gate = createFloodGate<string, { sender: Sender; message: Message }>(members.length);
  const edge = `${address.group}/${address.node}`;
  /** What concerns the node as a whole is counted once. */
  const lead = members.find(({ name }) => name === '') ?? members[0];
  let state = unborn;
  let pace = unasked;
  /** Until the birth comes. */
  let wanted = false;
  /** Logged once while the birth does not come. */
  let faulty = false;

  function complain(why: string): void {
    wanted = true;
    if (!faulty) log.warn({ edge, why }, 'edge node must tell everything anew');
    faulty = true;
    lead?.listening.watch.note(`${edge}: ${why}`);
  }

  function take(sender: Sender, { payload: bytes }: Message, now: Instant): Reading[] {
    const name = sender.device ?? '';
    const senders = members.filter((member) => member.name === name);
    const payload = readPayload(bytes);
    if (typeof payload === 'string') {
      const concerned = senders.length > 0 || lead === undefined ? senders : [lead];
      for (const { listening } of concerned) {
        listening.watch.count('malformed');
        listening.watch.note(`no Sparkplug payload in a message of ${sender.device ?? edge}: ${payload}`);
      }
      return [];
    }
    const message = step(state, { ...sender, payload });
    state = message.state;
    const isBirth = sender.type === 'BIRTH';
    if (message.lost === 'node' || (isBirth && name === '')) {
      wanted = false;
      faulty = false;
    }
    if (message.rebirth !== undefined) complain(message.rebirth);
    if (message.lost === 'node') return members.flatMap((member) => member.leave(`${edge} is gone`, now));
    if (message.lost === 'device')
      return senders.flatMap((member) => member.leave(`${edge} says that it is gone`, now));
    return [
      ...senders.flatMap((member) => member.read(message, isBirth, now)),
      ...receive(message, name, now),
    ];
  }

  /** A message of a device also shows that its node is alive. */
  function receive({ alive }: Step, name: string, now: Instant): Reading[] {
    const received = alive ? members.filter((member) => member.name === name || member.name === '') : [];
    return received.flatMap((member) => member.receive(now));
  }

  return {
    connected() {
      wanted = true;
    },
    receive(sender, message, now) {
      // The standard keeps no message of an edge node; one that was kept anyway is not about the present.
      if (message.retained) return [];
      const key = `${sender.type}/${sender.device ?? ''}`;
      return gate.pass(key, { sender, message }, bytesToRead(message)) ? take(sender, message, now) : [];
    },
    tick(now, publish) {
      const { waiting, surplus } = gate.tick();
      lead?.listening.surplus(surplus);
      const readings = waiting.flatMap(([, { sender, message }]) => take(sender, message, now));
      wanted ||= members.some((member) => member.isQuiet(now));
      if (!wanted) return [...readings, ...members.flatMap((member) => member.repeat(now))];
      if (mayAsk(pace, now.monotonic) && publish?.(commandTopic(address), rebirthCommand(now.at)) === true)
        pace = afterAsking(pace, now.monotonic);
      return readings;
    },
  };
}

/** The payload, or why it is none. */
function readPayload(bytes: Buffer): Payload | string {
  if (bytes.length > maxPayloadBytes) return `a message of ${bytes.length} bytes`;
  try {
    return decodePayload(bytes);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
