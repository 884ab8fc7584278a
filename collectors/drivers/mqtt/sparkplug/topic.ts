import type { EdgeMessage } from './session.ts';

const namespace = 'spBv1.0';

/** What a device's address says: `group/node`, or `group/node/device`. */
export interface EdgeAddress {
  readonly group: string;
  readonly node: string;
  /** Absent: the node itself. */
  readonly device?: string;
}

export function parseEdgeAddress(address: string): EdgeAddress {
  const [group = '', node = '', device] = address.split('/');
  return { group, node, ...(device === undefined ? {} : { device }) };
}

/**
 * Everything that an edge node says. Messages of its devices that nobody configured are wanted too: all of them are
 * counted in one sequence. Commands are not.
 */
export function edgeFilters({ group, node }: EdgeAddress): string[] {
  return ['BIRTH', 'DATA', 'DEATH'].flatMap((type) => [
    `${namespace}/${group}/N${type}/${node}`,
    `${namespace}/${group}/D${type}/${node}/+`,
  ]);
}

export function commandTopic({ group, node }: EdgeAddress): string {
  return `${namespace}/${group}/NCMD/${node}`;
}

/** Who says what on this topic; undefined where it is none of an edge node's. */
export function parseTopic(topic: string): (EdgeAddress & Pick<EdgeMessage, 'type'>) | undefined {
  const [first, group = '', kind = '', node = '', device, ...rest] = topic.split('/');
  const type = (['BIRTH', 'DATA', 'DEATH'] as const).find((each) => each === kind.slice(1));
  const sender = kind.charAt(0);
  if (first !== namespace || type === undefined || rest.length > 0) return undefined;
  if (sender === 'N' && device === undefined) return { group, node, type };
  return sender === 'D' && device !== undefined ? { group, node, device, type } : undefined;
}
