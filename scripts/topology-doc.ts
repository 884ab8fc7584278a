import { siteIds } from '../config/lookup.ts';
import type { Model } from '../config/model.ts';
import type { TopologyEdge, TopologyNode } from '../config/topology/graph.ts';

/** The drawings of docs/topology.md, from the configuration as it is shipped. */
export function topologyDoc(model: Model): string {
  const drawings = siteIds(model).map((site) => `### ${site}\n\n${drawing(model, site)}\n`);
  return `${intro}\n${drawings.join('\n')}`;
}

const intro = `# Topology

One graph says how things hang together (\`model.topology\`, \`GET topology?site=\`; built in \`config/topology/\`). Derived points take a rack's meters from it,
the one-line diagram what supplies each feed, the simulator which UPSs supply and which PACs cool a rack. Alarm grouping, capacity and permits are to read the same graph.

| edge | from → to | by default |
| --- | --- | --- |
| supplies | grid → incomer → ATS (gensets as well) → UPS → panel of a feed → rack PDU or branch meter → rack | things of the same feed; one without a feed serves both; all gensets share one bus; PACs hang on the ATSs |
| cools | PAC → room, row | the room it stands in; PACs in a room of kind \`cooling\`: the data halls that have none of their own |
| carries | router → broker, gateway, collector → device | a device's broker, an address that several devices share, else the collector of the site; every router carries them |
| contains | site → room → row → rack → device | where things stand |

Which racks are dark or left with one feed once some things are out is \`outageOf\` in \`config/topology/outage.ts\`.

What differs stands in the site's file, replaces the default and is checked at load (unknown names, cycles, racks without a source, things that cannot feed,
cool or carry):

\`\`\`yaml
- { device: ups-a1, fedBy: [ats-a, ats-b], … } # devices that feed it; A and B are the panels behind the UPSs
- { device: env-ups-a, via: [switch-2], … } # routers and switches it is reached through
rooms: [{ room: hall-1, cooledBy: [pac-01, pac-02], … }] # also on an entry of rows
\`\`\`

## As shipped

Supply of each site, generated from the configuration (\`npm run generate\`); racks are counted.
`;

function drawing({ topology, racks }: Model, site: string): string {
  const inRacks = new Set(
    racks.flatMap((rack) => topology.outOf(rack.key, 'contains').map((edge) => edge.to)),
  );
  const supplies = topology.edges.filter(
    (edge) => edge.type === 'supplies' && topology.node(edge.from)?.site === site,
  );
  const isDrawn = (key: string): boolean => topology.node(key)?.kind !== 'rack' && !inRacks.has(key);
  const lines = supplies
    .filter((edge) => isDrawn(edge.from) && isDrawn(edge.to) && topology.node(edge.to)?.device !== 'pac')
    .map((edge) => `  ${label(topology.node(edge.from))} ${arrow(edge)} ${label(topology.node(edge.to))}`);
  const panels = topology.nodes.filter((node) => node.site === site && node.kind === 'panel');
  const counts = panels.map((panel) => {
    const count = topology.downstream(panel.key, 'supplies').filter((node) => node.kind === 'rack').length;
    return `  ${label(panel)} --> racks(["${count} racks"])`;
  });
  const pacs = supplies.filter((edge) => topology.node(edge.to)?.device === 'pac');
  const cooled = [...new Set(pacs.map((edge) => edge.from))].map((from) => {
    const count = pacs.filter((edge) => edge.from === from).length;
    return `  ${label(topology.node(from))} --> pacs(["${count} PACs"])`;
  });
  return ['```mermaid', 'flowchart LR', ...lines, ...counts, ...cooled, '```'].join('\n');
}

function arrow({ why }: TopologyEdge): string {
  return why === 'configured' ? '==>' : '-->';
}

function label(node: TopologyNode | undefined): string {
  if (node === undefined) return '?';
  const name = node.id.replace(':', '-');
  const text = node.kind === 'grid' ? 'PLN' : node.kind === 'panel' ? `panel ${node.feed ?? ''}` : node.id;
  return `${name}["${text}"]`;
}
