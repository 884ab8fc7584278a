import { expect, test } from 'vitest';
import { absentPhases } from '../../collectors/probe/phases.ts';
import { proposedBy } from '../../collectors/discovery/snmp-entry.ts';
import { surveyAgent } from '../../collectors/probe/probe.ts';
import { systemClock } from '../../core/clock.ts';
import { serveAgent } from '../../simulator/snmp/agent.ts';
import { sortedSource } from '../../simulator/snmp/source.ts';
import { parseSnmprec } from '../../simulator/walk/snmprec.ts';
import { shippedProfile } from '../support/field.ts';

/** Input and output of a UPS by RFC 1628: frequency, volts, watts and load of three phases. */
function upsOf(volts: readonly number[], output: readonly number[] = volts): string[] {
  const mib = '1.3.6.1.2.1.33.1';
  return [
    `${mib}.4.1.0|2|3`,
    ...volts.flatMap((value, phase) => [
      `${mib}.3.3.1.2.${phase + 1}|2|${value === 0 ? 0 : 501}`,
      `${mib}.3.3.1.3.${phase + 1}|2|${value}`,
    ]),
    ...output.flatMap((value, phase) => [
      `${mib}.4.4.1.2.${phase + 1}|2|${value}`,
      `${mib}.4.4.1.4.${phase + 1}|2|${value === 0 ? 0 : 184}`,
      `${mib}.4.4.1.5.${phase + 1}|2|${value === 0 ? 0 : 8}`,
    ]),
  ];
}

async function proposedFor(lines: readonly string[]): Promise<ReturnType<typeof proposedBy>> {
  const { varbinds } = parseSnmprec(Buffer.from(lines.join('\n')));
  const agent = await serveAgent(sortedSource(varbinds, (varbind) => varbind));
  try {
    const access = { version: '2c', community: 'public' } as const;
    const address = { protocol: 'snmp', host: agent.host, port: agent.port, access } as const;
    const candidates = [shippedProfile('ups/rfc1628')];
    return proposedBy(await surveyAgent(candidates, address, { clock: systemClock }), address);
  } finally {
    await agent.close();
  }
}

test('a single-phase UPS whose card lists three phases of zeros is proposed with the phase it has', async () => {
  const [device] = await proposedFor(upsOf([242, 0, 0]));
  expect(device?.more).toEqual({ parts: { input: ['l1'], output: ['l1'] } });
  expect(device?.evidence).toContain('l2 and l3 left out: all zero');
});

test('a phase that lost its input keeps its place: its output carries on', async () => {
  const [device] = await proposedFor(upsOf([231, 0, 230], [230, 230, 230]));
  expect(device?.more).toEqual({});
});

test('zeros everywhere say nothing, and one voltage alone proves nothing', () => {
  const row = (part: string, quantity: string, value: number) => ({ part, quantity, value, unit: 'V' });
  const dark = ['l1', 'l2', 'l3'].flatMap((part) => [
    row(part, 'input-voltage', 0),
    row(part, 'output-voltage', 0),
  ]);
  expect(absentPhases(dark)).toEqual(new Set());
  expect(absentPhases([row('l1', 'voltage', 230), row('l2', 'voltage', 0)])).toEqual(new Set());
});
