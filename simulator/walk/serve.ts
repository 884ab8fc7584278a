import { readFile } from 'node:fs/promises';
import { type Agent, type AgentOptions, serveAgent } from '../snmp/agent.ts';
import { sortedSource } from '../snmp/source.ts';
import { type Recording, parseSnmprec } from './snmprec.ts';

export interface WalkServer extends Agent {
  readonly oids: number;
  readonly problems: Recording['problems'];
}

/** Replays a recorded walk as an agent; v1 and v2c, any community unless one is given. */
export async function serveWalk(file: string, options: AgentOptions = {}): Promise<WalkServer> {
  const { varbinds, problems } = parseSnmprec(await readFile(file));
  const agent = await serveAgent(
    sortedSource(varbinds, (varbind) => varbind),
    options,
  );
  return { ...agent, oids: varbinds.length, problems };
}
