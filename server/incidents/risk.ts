import type { Model, Service } from '../../config/model.ts';
import type { Level } from '../../config/schema/common.ts';

import { causesOf, type IncidentRow } from './record.ts';

/** Most severe first. */
export const levels: readonly Level[] = ['tinggi', 'sedang', 'rendah'];

export interface RiskFinder {
  /** Services that stand on what the nodes supply, cool or are; the most critical first, each once. */
  servicesAt(nodes: readonly string[]): readonly Service[];
  /** Those at the incident's causes and in its room. */
  servicesOf(incident: Pick<IncidentRow, 'site' | 'room' | 'causes'>): readonly Service[];
  /** BAB III: the highest criticality among those services, else the site's default. */
  impactAt(site: string, nodes: readonly string[]): Level;
}

/** Services at risk by the topology: a UPS puts at risk what runs in the rooms whose racks it supplies. */
export function createRiskFinder(model: Model): RiskFinder {
  const { topology } = model;
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));
  const rackRooms = new Map(model.racks.map(({ key, site, room }) => [key, `${site}/${room}`]));
  const deviceRooms = new Map(model.devices.map(({ key, site, room }) => [key, `${site}/${room}`]));
  const defaults = new Map(model.sites.map(({ id, impact }) => [id, impact]));
  const known = new Map<string, readonly string[]>();

  function roomOf(node: string): string | undefined {
    return rooms.has(node) ? node : (rackRooms.get(node) ?? deviceRooms.get(node));
  }

  function roomsBehind(node: string): readonly string[] {
    let found = known.get(node);
    if (found === undefined) {
      const supplied = [node, ...topology.downstream(node, 'supplies').map(({ key }) => key)];
      const cooled = supplied.flatMap((key) => topology.downstream(key, 'cools').map((each) => each.key));
      found = [...new Set([...supplied, ...cooled].flatMap((key) => roomOf(key) ?? []))];
      known.set(node, found);
    }
    return found;
  }

  function servicesAt(nodes: readonly string[]): readonly Service[] {
    const services = new Map<string, Service>();
    for (const room of new Set(nodes.flatMap(roomsBehind)))
      for (const service of rooms.get(room)?.services ?? []) {
        const before = services.get(service.service);
        if (before === undefined || rank(service) < rank(before)) services.set(service.service, service);
      }
    return [...services.values()].sort((a, b) => rank(a) - rank(b) || (a.service < b.service ? -1 : 1));
  }

  return {
    servicesAt,
    servicesOf: ({ site, room, causes }) =>
      servicesAt([
        ...causesOf({ causes }).map(({ node }) => node),
        ...(room === null ? [] : [`${site}/${room}`]),
      ]),
    impactAt: (site, nodes) => servicesAt(nodes)[0]?.criticality ?? defaults.get(site) ?? 'tinggi',
  };
}

function rank({ criticality }: Service): number {
  return levels.indexOf(criticality);
}
