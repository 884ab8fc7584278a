import { nearestName } from '../../core/names.ts';
import type { DeviceDraft, RackDraft } from '../build/rows.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { DeviceKind } from '../schema/common.ts';
import type { ProfileLookup } from '../load/profiles.ts';
import type { SiteFile } from '../schema/site.ts';
import { createTopology, feedNames, findCycle, type Topology } from '../topology/graph.ts';
import { sitePartsOf } from '../topology/parts.ts';
import { siteGraph, type SiteDevice } from '../topology/site.ts';
import type { Report } from './report.ts';

interface TopologyContext {
  readonly racks: readonly RackDraft[];
  readonly devices: readonly DeviceDraft[];
  readonly profiles: ProfileLookup;
  readonly unsure: ReadonlySet<string>;
}

const feeders: readonly DeviceKind[] = ['ups', 'ats', 'genset', 'pdu', 'meter'];

/** `fedBy`, `cooledBy` and `via`: names that exist and can do what they are named for, no cycles, no rack without a source. */
export function checkTopology(file: SiteFile, context: TopologyContext, report: Report): void {
  const parts = sitePartsOf({ site: 'site', file, ...context });
  const byId = new Map(parts.devices.map((device) => [device.id, device]));
  let sound = true;
  const names: NameCheck = {
    byId,
    sure: !context.unsure.has('devices') && !context.unsure.has('rows'),
    report(path, finding) {
      sound = false;
      report(path, finding);
    },
  };
  parts.devices.forEach((device, index) => {
    const path = context.devices[index]?.path ?? [];
    checkFedBy(device, [...path, 'fedBy'], names);
    checkNames(device.via, [...path, 'via'], {
      ...names,
      may: ['router'],
      role: 'a router or switch of this site',
      self: device.id,
    });
  });
  const cooling = { ...names, may: ['pac'] as const, role: 'a PAC of this site' };
  file.rooms.forEach(({ cooledBy }, index) => checkNames(cooledBy, ['rooms', index, 'cooledBy'], cooling));
  file.rows.forEach(({ cooledBy }, index) => checkNames(cooledBy, ['rows', index, 'cooledBy'], cooling));
  const kindsKnown = parts.devices.every((device) => device.kind !== undefined);
  if (!sound || !kindsKnown || context.unsure.size > 0) return;
  const { nodes, edges } = siteGraph(parts);
  const topology = createTopology(nodes, edges);
  const pathOf = (id: string): Path => context.devices.find((draft) => draft.entry.device === id)?.path ?? [];
  const cycles = (['supplies', 'carries'] as const).filter((type) => {
    const cycle = findCycle(topology, type);
    if (cycle !== undefined) reportCycle(cycle, { type, topology, pathOf, report });
    return cycle !== undefined;
  });
  if (cycles.length === 0) checkSources(context.racks, topology, report);
}

interface NameCheck {
  readonly byId: ReadonlyMap<string, SiteDevice>;
  /** All names of the site are known. */
  readonly sure: boolean;
  readonly report: Report;
}

function checkFedBy(device: SiteDevice, path: Path, names: NameCheck): void {
  if (device.fedBy === undefined) return;
  if (device.kind === 'genset' || device.role === 'incomer') {
    const source = device.kind === 'genset' ? 'a genset' : 'a PLN incomer';
    names.report(path, { found: `is set on ${source}`, expected: `none: ${source} is a source itself` });
    return;
  }
  const devices = device.fedBy.filter((name) => name !== 'A' && name !== 'B');
  const at = (index: number): number => device.fedBy?.indexOf(devices[index] ?? '') ?? index;
  checkNames(devices, path, {
    ...names,
    may: feeders,
    role: 'a device that feeds others, or A or B',
    self: device.id,
    at,
  });
}

interface NameOptions extends NameCheck {
  readonly may: readonly DeviceKind[];
  readonly role: string;
  readonly self?: string;
  /** Place in the file of the name at an index. */
  readonly at?: (index: number) => number;
}

function checkNames(list: readonly string[] | undefined, path: Path, options: NameOptions): void {
  const { byId, sure, may, role, self, at, report } = options;
  list?.forEach((name, index) => {
    const place = [...path, at?.(index) ?? index];
    const named = byId.get(name);
    if (name === self) report(place, { found: `${quote(name)} is the device itself`, expected: role });
    else if (named === undefined) {
      if (!sure) return;
      const valid = [...byId.values()].filter(({ kind }) => kind !== undefined && may.includes(kind));
      const nearest = nearestName(
        name,
        valid.map(({ id }) => id),
      );
      report(place, { found: `${quote(name)} is unknown`, expected: role, nearest });
    } else if (named.kind !== undefined && !may.includes(named.kind))
      report(place, { found: `${quote(name)} is of kind ${quote(named.kind)}`, expected: role });
  });
}

interface CycleContext {
  readonly type: 'supplies' | 'carries';
  readonly topology: Topology;
  readonly pathOf: (id: string) => Path;
  readonly report: Report;
}

/** At the entry that closes it: the first on the cycle whose way in is configured. */
function reportCycle(cycle: readonly string[], { type, topology, pathOf, report }: CycleContext): void {
  const ids = cycle.map((key) => topology.node(key)?.id ?? key);
  const at = cycle.findIndex(
    (key, index) =>
      index > 0 &&
      topology.into(key, type).some((edge) => edge.why === 'configured' && edge.from === cycle[index - 1]),
  );
  const field = type === 'supplies' ? 'fedBy' : 'via';
  report([...pathOf(ids[at] ?? ''), field], {
    found: `makes a cycle: ${ids.join(' → ')}`,
    expected: type === 'supplies' ? 'a supply that begins at PLN or a genset' : 'a way that ends at the site',
  });
}

/** Reported once a row and feed, since it is the pattern of the row that is wrong. */
function checkSources(racks: readonly RackDraft[], topology: Topology, report: Report): void {
  const reported = new Set<string>();
  for (const rack of racks)
    for (const feed of feedNames) {
      const place = JSON.stringify([rack.path, feed]);
      if (reported.has(place)) continue;
      const direct = topology.into(`site/${rack.id}`, 'supplies').filter((edge) => edge.feed === feed);
      const above = direct
        .flatMap(({ from }) => [topology.node(from), ...topology.upstream(from, 'supplies')])
        .filter((node) => node !== undefined);
      if (above.some((node) => node.kind === 'grid' || node.device === 'genset')) continue;
      reported.add(place);
      const end = above.find((node) => topology.into(node.key, 'supplies').length === 0);
      report([...rack.path, 'feeds', feed], {
        found:
          end === undefined
            ? 'leaves the racks without a source'
            : `ends at ${quote(end.id)}, which nothing feeds`,
        expected: 'a chain of fedBy that begins at PLN or a genset',
      });
    }
}
