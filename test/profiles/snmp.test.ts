import { readFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadFolder } from '../../config/read/files.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { systemClock } from '../../core/clock.ts';
import { probe } from '../../collectors/probe/probe.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { goldenOf } from '../../collectors/probe/golden.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const profiles = loadFolder(here('../../config/library/profiles'), profileSchema).flatMap(
  ({ name, value }) => (value?.protocol === 'snmp' ? [{ ...value, name }] : []),
);

describe('every SNMP profile reads its recording as the golden file says', () => {
  test.each(profiles.map((profile) => ({ name: profile.name, profile })))(
    '$name',
    async ({ name, profile }) => {
      const agent = await serveWalk(here(`./${name}.snmprec`));
      try {
        expect(agent.problems).toEqual([]);
        const address = {
          protocol: 'snmp',
          host: agent.host,
          port: agent.port,
          access: { version: '2c', community: 'public' },
        } as const;
        const { rows } = await probe({ profile, address }, { clock: systemClock });
        const golden = here(`./${name}.golden.json`);
        expect(existsSync(golden), `${golden} is missing`).toBe(true);
        expect(goldenOf(rows)).toEqual(
          z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(golden, 'utf8'))),
        );
      } finally {
        await agent.close();
      }
    },
  );

  test('there are profiles to test', () => {
    expect(profiles.length).toBeGreaterThanOrEqual(5);
  });

  test.each(profiles.map((profile) => ({ name: profile.name })))(
    '$name is proposed first for its own recording',
    async ({ name }) => {
      const agent = await serveWalk(here(`./${name}.snmprec`));
      try {
        const address = {
          protocol: 'snmp',
          host: agent.host,
          port: agent.port,
          access: { version: '2c', community: 'public' },
        } as const;
        const { proposals } = await probe({ candidates: profiles, address }, { clock: systemClock });
        expect(proposals[0]?.profile.name).toBe(name);
        expect(proposals[0]?.why).not.toEqual([]);
      } finally {
        await agent.close();
      }
    },
  );
});
