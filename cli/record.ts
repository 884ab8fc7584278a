import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { goldenOf } from '../collectors/probe/golden.ts';
import { type SnmpAddress, converse } from '../collectors/probe/listen.ts';
import { probe } from '../collectors/probe/probe.ts';
import { recordAgent } from '../collectors/probe/record.ts';
import type { SnmpProfile } from '../config/schema/profile.ts';
import { systemClock } from '../core/clock.ts';
import { serveWalk } from '../simulator/walk/serve.ts';

interface RecordOptions {
  readonly address: SnmpAddress;
  readonly profile: SnmpProfile;
  /** `KIND/MAKER-MODEL`, as the profile is called. */
  readonly name: string;
  /** Where recordings are kept. */
  readonly into: string;
}

const deadlineMs = 120_000;

/**
 * Writes NAME.snmprec, what the agent holds below the places that the profile reads, and NAME.golden.json, what the profile makes of
 * it: the form that the tests of profiles expect. Both are made from the same answers. Returns what it wrote, in words.
 */
export async function recordDevice({ address, profile, name, into }: RecordOptions): Promise<string> {
  const patience = { timeoutMs: 2_000, signal: AbortSignal.timeout(deadlineMs), env: process.env };
  const lines = await converse(address, patience, (reader) => recordAgent(profile, reader));
  const recording = path.join(into, `${name}.snmprec`);
  mkdirSync(path.dirname(recording), { recursive: true });
  const head = `# ${profile.maker} ${profile.model}. Replace serial numbers, names and places before you share it.`;
  writeFileSync(recording, `${head}\n${lines.join('\n')}\n`, 'latin1');
  const replay = await serveWalk(recording);
  try {
    const access = { version: '2c', community: 'public' } as const;
    const replayed = { protocol: 'snmp', host: replay.host, port: replay.port, access } as const;
    const { rows } = await probe({ profile, address: replayed }, { clock: systemClock });
    const golden = path.join(into, `${name}.golden.json`);
    writeFileSync(golden, `${JSON.stringify(goldenOf(rows), null, 2)}\n`);
    const good = rows.filter(({ value }) => value !== null).length;
    return `${recording}: ${lines.length} values\n${golden}: ${good} of ${rows.length} values good\n`;
  } finally {
    await replay.close();
  }
}
