import type { Model } from '../../../config/model.ts';
import type { TopologyView } from '../../contracts/topology.ts';

/** `plant`: without rows, racks and the devices that stand in them. */
export function topologyView(
  { topology, racks }: Pick<Model, 'topology' | 'racks'>,
  site: string,
  scope: 'all' | 'plant',
): TopologyView {
  const inRacks = new Set(
    racks.flatMap((rack) => topology.outOf(rack.key, 'contains').map((edge) => edge.to)),
  );
  const nodes = topology.nodes.filter(
    (node) =>
      node.site === site &&
      (scope === 'all' || (node.kind !== 'rack' && node.kind !== 'row' && !inRacks.has(node.key))),
  );
  const keys = new Set(nodes.map(({ key }) => key));
  return {
    site,
    nodes: nodes.map(({ key, id, kind, device, feed }) => ({ key, id, kind, device, feed })),
    edges: topology.edges
      .filter((edge) => keys.has(edge.from) && keys.has(edge.to))
      .map(({ from, to, type, feed, why, meter }) => ({ from, to, type, feed, why, meter: meter ?? null })),
  };
}
