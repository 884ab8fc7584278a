import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadFile } from '../../config/read/files.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { systemClock } from '../../core/clock.ts';
import { probe } from '../../collectors/probe/probe.ts';
import { integer, testAgent, text } from '../collectors/snmp/agent.ts';
import { goldenOf } from '../../collectors/probe/golden.ts';

const guide = readFileSync(new URL('../../docs/adding-a-device.md', import.meta.url), 'utf8');
const pdu = '1.3.6.1.4.1.99999.4';

test('the profile in the guide reads the device it describes', async () => {
  const yaml = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'pantau-guide-'));
  writeFileSync(join(folder, 'acme-pdu.yaml'), yaml);
  const { value, problems } = loadFile(folder, 'acme-pdu', profileSchema);
  expect(problems).toEqual([]);
  if (value === undefined) throw new Error('no profile');
  const agent = await testAgent({
    [`${pdu}.1.3.0`]: integer(2150),
    [`${pdu}.2.1.4.1`]: integer(93), [`${pdu}.2.1.5.1`]: integer(1),
    [`${pdu}.2.1.4.2`]: integer(1207), [`${pdu}.2.1.5.2`]: integer(2),
    [`${pdu}.7.1.2.1`]: text('Front, top'), [`${pdu}.7.1.3.1`]: integer(231), [`${pdu}.7.1.4.1`]: integer(0),
    [`${pdu}.7.1.2.2`]: text('Rear'), [`${pdu}.7.1.3.2`]: integer(-410), [`${pdu}.7.1.4.2`]: integer(7),
  }); // prettier-ignore
  try {
    const address = {
      protocol: 'snmp',
      host: '127.0.0.1',
      port: agent.port,
      access: { version: '2c', community: 'public' },
    } as const;
    const { rows } = await probe(
      { profile: { ...value, name: 'pdu/acme' }, address },
      { clock: systemClock },
    );
    expect(goldenOf(rows)).toEqual({
      power: '2.15 kW',
      'l1/current': '9.3 A',
      'l2/current': '12.07 A',
      'front-top/temperature': '23.1 °C',
      'rear/temperature': 'bad (disconnected)',
    });
  } finally {
    await agent.close();
  }
});
