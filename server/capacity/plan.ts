import type { Device, Model, Rack } from '../../config/model.ts';
import type { FeedName } from '../../config/schema/common.ts';
import { feedNames, type TopologyNode } from '../../config/topology/graph.ts';

/** What a thing of the supply does, for the arithmetic of loads. */
type SupplyKind = 'grid' | 'incomer' | 'genset' | 'ats' | 'ups' | 'panel' | 'distribution' | 'pac';

export interface PlanNode {
  readonly key: string;
  readonly kind: SupplyKind;
  /** Indices of what feeds it. */
  readonly suppliers: readonly number[];
  /** What it may carry, kW; undefined: nothing is configured. */
  readonly ratedKw: number | undefined;
  readonly device: Device | undefined;
}

/** One feed of a rack. */
interface PlanFeed {
  readonly feed: FeedName;
  readonly suppliers: readonly number[];
  readonly breakerAmps: number | undefined;
  /** The rating is a guess of the configuration. */
  readonly isAssumed: boolean;
}

interface PlanRack {
  readonly rack: Rack;
  /** In the order of `feedNames`. */
  readonly feeds: readonly PlanFeed[];
}

/** The supply of one site as arrays: what feeds a thing comes before it. Built once from the model. */
export interface SupplyPlan {
  readonly site: string;
  readonly nodes: readonly PlanNode[];
  readonly racks: readonly PlanRack[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** What carries everything that no UPS does (PACs, losses, lights): the switches that feed the PACs, or else the UPSs. */
  readonly buses: readonly number[];
}

/** `model.topology` has no cycle of supply: the load refuses one. */
export function supplyPlan(model: Model, site: string): SupplyPlan {
  const { topology } = model;
  const racks = model.racks.filter((rack) => rack.site === site);
  const inSupply = topology.nodes.filter((node) => node.site === site && kindOf(node, model) !== undefined);
  const indexOf = new Map<string, number>();
  const nodes: PlanNode[] = [];
  const sorted = new Set<string>();
  const known = new Map(inSupply.map((node) => [node.key, node]));

  const add = (node: TopologyNode): void => {
    if (sorted.has(node.key)) return;
    sorted.add(node.key);
    const suppliers = topology.into(node.key, 'supplies').flatMap(({ from }) => known.get(from) ?? []);
    for (const supplier of suppliers) add(supplier);
    const device = model.deviceById.get(node.key);
    const kind = kindOf(node, model);
    if (kind === undefined) return;
    indexOf.set(node.key, nodes.length);
    nodes.push({
      key: node.key,
      kind,
      suppliers: suppliers.flatMap(({ key }) => indexOf.get(key) ?? []),
      ratedKw: device?.rating.kw ?? panelKw(model, node),
      device,
    });
  };
  for (const node of inSupply) add(node);

  const feeding = (kind: SupplyKind): number[] => [
    ...new Set(nodes.filter((node) => node.kind === kind).flatMap(({ suppliers }) => suppliers)),
  ];
  const pacBuses = feeding('pac');
  return {
    site,
    nodes,
    indexOf,
    buses: pacBuses.length > 0 ? pacBuses : feeding('ups'),
    racks: racks.map((rack) => ({
      rack,
      feeds: feedNames.map((feed) => ({
        feed,
        suppliers: topology
          .into(rack.key, 'supplies')
          .filter((edge) => edge.feed === feed)
          .flatMap(({ from }) => indexOf.get(from) ?? []),
        breakerAmps: rack.breakers?.[feed]?.amps,
        isAssumed: rack.breakers?.[feed]?.assumed === true,
      })),
    })),
  };
}

function kindOf({ key, kind, device }: TopologyNode, model: Model): SupplyKind | undefined {
  if (kind === 'grid' || kind === 'panel') return kind;
  if (kind !== 'device' || device === null) return undefined;
  if (model.deviceById.get(key)?.role === 'incomer') return 'incomer';
  if (device === 'genset' || device === 'ups' || device === 'pac') return device;
  // A transfer switch in a rack is a part of the rack's distribution.
  if (device === 'ats') return model.deviceById.get(key)?.rack === undefined ? 'ats' : 'distribution';
  return device === 'pdu' || device === 'meter' ? 'distribution' : undefined;
}

function panelKw(model: Model, { site, kind, feed }: TopologyNode): number | undefined {
  if (kind !== 'panel' || feed === null) return undefined;
  return model.sites.find(({ id }) => id === site)?.panels?.[feed]?.kw;
}
