import type { Logger } from 'pino';
import type { Instant } from '../../../../core/clock.ts';
import type { Reading } from '../../../../core/reading.ts';
import { createFloodGate } from '../flood.ts';
import { bytesToRead, maxPayloadBytes, type Message } from '../message.ts';
import type { Member } from './member.ts';
import { decodePayload, type Payload } from './payload.ts';
import { afterAsking, mayAsk, rebirthCommand, unasked } from './rebirth.ts';
import { step, unborn, type EdgeMessage, type Step } from './session.ts';
import { commandTopic, type EdgeAddress } from './topic.ts';

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
  /** Nothing to tell twice while the birth does not come. */
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
    const said = step(state, { ...sender, payload });
    state = said.state;
    const isBirth = sender.type === 'BIRTH';
    if (said.lost === 'node' || (isBirth && name === '')) {
      wanted = false;
      faulty = false;
    }
    if (said.rebirth !== undefined) complain(said.rebirth);
    if (said.lost === 'node') return members.flatMap((member) => member.leave(`${edge} is gone`, now));
    if (said.lost === 'device')
      return senders.flatMap((member) => member.leave(`${edge} says that it is gone`, now));
    return [...senders.flatMap((member) => member.read(said, isBirth, now)), ...hear(said, name, now)];
  }

  /** What a device says, its node said as well. */
  function hear({ alive }: Step, name: string, now: Instant): Reading[] {
    const heard = alive ? members.filter((member) => member.name === name || member.name === '') : [];
    return heard.flatMap((member) => member.hear(now));
  }

  return {
    connected() {
      wanted = true;
    },
    receive(sender, message, now) {
      // The standard keeps no message of an edge node; one that was kept anyway says nothing about now.
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
