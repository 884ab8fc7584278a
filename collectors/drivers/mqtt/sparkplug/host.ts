import type { Logger } from 'pino';
import type { Device } from '../../../../config/model.ts';
import type { Instant } from '../../../../core/clock.ts';
import type { Reading } from '../../../../core/reading.ts';
import type { Listening } from '../listening.ts';
import type { Message } from '../message.ts';
import { createEdge, type Edge, type Publish } from './edge.ts';
import { createMember } from './member.ts';
import { edgeFilters, parseEdgeAddress, parseTopic, type EdgeAddress } from './wire.ts';

/** All edge nodes of one broker. */
export interface Host {
  readonly filters: readonly string[];
  /** Who wants this filter. */
  of(filter: string): readonly Device[];
  connected(): void;
  receive(topic: string, message: Message, now: Instant): Reading[];
  tick(now: Instant, publish: Publish | undefined): Reading[];
}

export function createHost(listenings: ReadonlyMap<Device, Listening>, log: Logger): Host {
  const edges = new Map<string, Edge>();
  const wanting = new Map<string, Device[]>();
  for (const [key, { address, devices }] of byEdge([...listenings.keys()])) {
    const members = devices.flatMap((device) => {
      const listening = listenings.get(device);
      return listening === undefined ? [] : [createMember(device, listening, memberOptions(device))];
    });
    edges.set(key, createEdge({ address, members, log }));
    for (const filter of edgeFilters(address)) wanting.set(filter, devices);
  }
  return {
    filters: [...wanting.keys()],
    of: (filter) => wanting.get(filter) ?? [],
    connected() {
      for (const edge of edges.values()) edge.connected();
    },
    receive(topic, message, now) {
      const sender = parseTopic(topic);
      return sender === undefined ? [] : (edges.get(keyOf(sender))?.receive(sender, message, now) ?? []);
    },
    tick: (now, publish) => [...edges.values()].flatMap((edge) => edge.tick(now, publish)),
  };
}

interface EdgeDevices {
  readonly address: EdgeAddress;
  readonly devices: Device[];
}

function byEdge(devices: readonly Device[]): ReadonlyMap<string, EdgeDevices> {
  const edges = new Map<string, EdgeDevices>();
  for (const device of devices) {
    const address = addressOf(device);
    const edge = edges.get(keyOf(address)) ?? { address, devices: [] };
    edge.devices.push(device);
    edges.set(keyOf(address), edge);
  }
  return edges;
}

function memberOptions(device: Device): { name: string; silentAfterMs: number } {
  if (device.profile.protocol !== 'mqtt') throw new TypeError(`${device.key} is no MQTT device`);
  return { name: addressOf(device).device ?? '', silentAfterMs: device.profile.silentAfter };
}

function addressOf({ key, address }: Device): EdgeAddress {
  if (address.protocol !== 'mqtt') throw new TypeError(`${key} is no MQTT device`);
  return parseEdgeAddress(address.topic);
}

function keyOf({ group, node }: EdgeAddress): string {
  return `${group}/${node}`;
}
