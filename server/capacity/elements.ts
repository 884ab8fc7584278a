import type { Model } from '../../config/model.ts';
import type { PlanNode, SupplyPlan } from './plan.ts';

/** What can fail, or be taken out for maintenance. */
type ElementKind = 'grid' | 'ats' | 'genset' | 'ups' | 'panel' | 'pdu' | 'pac' | 'router';

export interface Element {
  readonly key: string;
  readonly kind: ElementKind;
  /** In the plan; undefined for what supplies nothing (a router). */
  readonly node: number | undefined;
  /** It supplies one feed of one rack and nothing else. */
  readonly leaf: { readonly rack: number; readonly feed: 0 | 1 } | undefined;
}

/** Elements of a site, sources first. A PLN source is its incomer where that is metered, else the grid itself. */
export function elementsOf(model: Model, plan: SupplyPlan): Element[] {
  const leaves = leavesOf(plan);
  const metered = new Set(
    plan.nodes.filter(({ kind }) => kind === 'incomer').flatMap(({ suppliers }) => suppliers),
  );
  const supplying = new Set([
    ...plan.nodes.flatMap(({ suppliers }) => suppliers),
    ...plan.racks.flatMap(({ feeds }) => feeds.flatMap(({ suppliers }) => suppliers)),
  ]);
  const inSupply = plan.nodes.flatMap((node, index): Element[] => {
    if (metered.has(index)) return [];
    if (!supplying.has(index) && node.kind !== 'pac') return [];
    const kind = elementKind(node);
    return [{ key: node.key, kind, node: index, leaf: leaves.get(index) }];
  });
  const routers = model.devices
    .filter(({ site, kind }) => site === plan.site && kind === 'router')
    .map(({ key }): Element => ({ key, kind: 'router', node: undefined, leaf: undefined }));
  return [...inSupply, ...routers];
}

function elementKind({ kind }: PlanNode): ElementKind {
  if (kind === 'incomer') return 'grid';
  return kind === 'distribution' ? 'pdu' : kind;
}

function leavesOf({ nodes, racks }: SupplyPlan): Map<number, { rack: number; feed: 0 | 1 }> {
  const uses = new Map<number, { rack: number; feed: 0 | 1 }[]>();
  for (const [rack, { feeds }] of racks.entries())
    for (const feed of [0, 1] as const)
      for (const supplier of feeds[feed]?.suppliers ?? [])
        uses.set(supplier, [...(uses.get(supplier) ?? []), { rack, feed }]);
  for (const { suppliers } of nodes) for (const supplier of suppliers) uses.delete(supplier);
  return new Map(
    [...uses].flatMap(([node, [only, ...rest]]) =>
      only === undefined ||
      rest.length > 0 ||
      (racks[only.rack]?.feeds[only.feed]?.suppliers.length ?? 0) !== 1
        ? []
        : [[node, only] as const],
    ),
  );
}
