import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { siteBrokers } from '../../collectors/discovery/brokers.ts';
import { withSimulatedField } from '../../config/simulated.ts';
import { systemClock } from '../../core/clock.ts';
import { openDatabase } from '../../server/db/database.ts';
import type { Database } from '../../server/db/schema.ts';
import { discoveryRepository } from '../../server/discovery/repository.ts';
import { createDiscovery, type Discovery } from '../../server/discovery/service.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { modelWith, replace } from '../config/support.ts';
import { forEachDatabase } from '../support/databases.ts';
import { shippedProfile, silentLog } from '../support/field.ts';

const walk = fileURLToPath(new URL('../profiles/ups/rfc1628.snmprec', import.meta.url));

forEachDatabase('discovery', (database) => {
  let db: Database;
  let close: (() => Promise<void>)[];
  beforeEach(async () => {
    db = await openDatabase(database.where());
    close = [];
  });
  afterEach(async () => {
    for (const each of close) await each();
    await db.destroy();
  });

  async function withAgent(): Promise<{
    port: number;
    open: (changes?: Parameters<typeof modelWith>[0]) => Discovery;
  }> {
    const agent = await serveWalk(walk, { host: '127.0.9.20' });
    close.push(() => agent.close());
    return {
      port: agent.port,
      open: (changes) => {
        const { model } = modelWith(changes);
        const discovery = createDiscovery({
          model,
          allProfiles: () => Promise.resolve([shippedProfile('ups/rfc1628')]),
          repository: discoveryRepository(db),
          localSites: ['alpha'],
          ports: { snmp: agent.port, modbus: 1 },
          clock: systemClock,
          log: silentLog,
        });
        close.unshift(() => discovery.close());
        return discovery;
      },
    };
  }

  const search = {
    site: 'alpha',
    ranges: ['127.0.9.20'],
    snmp: true,
    modbus: false,
    mqtt: false,
    actor: 'ana',
  };

  it('keeps what a search found until it is configured or put aside', async () => {
    const { port, open } = await withAgent();
    const discovery = open();
    discovery.start(search);
    expect(() => discovery.start(search)).toThrow('a search is running');
    await expect.poll(() => discovery.run()?.endedAt ?? null).not.toBeNull();
    expect(discovery.run()).toMatchObject({ hosts: 1, answered: 1, skipped: 0, problems: [], by: 'ana' });
    const place = { site: 'alpha', protocol: 'snmp' as const, address: `127.0.9.20:${port}` };
    const [finding] = await discovery.findings();
    expect(finding).toMatchObject({ ...place, foundBy: 'ana' });
    expect(finding?.entry).toContain('profile: ups/rfc1628 #');

    const configured = open({
      'sites/alpha.yaml': replace('address: 10.0.9.3\n', `address: '127.0.9.20:${port}'\n`),
    });
    expect(await configured.findings()).toEqual([]);
    expect(await discovery.dismiss(place)).toBe(true);
    expect(await discovery.dismiss(place)).toBe(false);
    expect(await discovery.findings()).toEqual([]);
  });

  it('refuses a site that a collector elsewhere polls, and more hosts than a run may ask', async () => {
    const { open } = await withAgent();
    const discovery = open();
    expect(() => discovery.start({ ...search, site: 'drc' })).toThrow('search its network there');
    expect(() => discovery.start({ ...search, ranges: ['10.0.0.0/8'] })).toThrow('at most 1024');
  });

  it('skips topics that are configured, and listens only where the site has a broker', async () => {
    const { open } = await withAgent();
    const discovery = open();
    const row = { site: 'alpha', protocol: 'mqtt', summary: 's', entry: 'e', found_at: 1, found_by: 'ana' };
    for (const address of ['alpha/climate/room', 'alpha/climate/new-one'])
      await discoveryRepository(db).keep({ ...row, address });
    expect((await discovery.findings()).map(({ address }) => address)).toEqual(['alpha/climate/new-one']);
    const unused = { ...modelWith().model, devices: [] };
    expect(siteBrokers(unused, 'alpha').map(({ key }) => key)).toEqual(['alpha/main']);
    expect(siteBrokers(unused, 'beta')).toEqual([]);
    expect(siteBrokers(withSimulatedField(unused, 20_000), 'alpha')).toEqual([]);
    const withoutBroker = createDiscovery({
      model: { ...modelWith().model, devices: [], brokers: [] },
      repository: discoveryRepository(db),
      allProfiles: () => Promise.resolve([]),
      localSites: ['alpha'],
      clock: systemClock,
      log: silentLog,
    });
    expect(() => withoutBroker.start({ ...search, snmp: false, mqtt: true })).toThrow(
      'the file of alpha names no broker; listen to one with "pantau discover --mqtt mqtt://HOST"',
    );
  });
});
