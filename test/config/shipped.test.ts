import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { unjudgedDevices } from '../../config/alarms/coverage.ts';
import { loadConfig } from '../../config/load.ts';
import type { Model } from '../../config/model.ts';
import { withSimulatedField } from '../../config/simulated.ts';
import { watchLimit } from '../../server/contracts/live.ts';
import { checkConfig, configExitCode } from '../../cli/check-config.ts';
import { alone, configWith, replace } from './support.ts';

const shipped = fileURLToPath(new URL('../../config', import.meta.url));
const options = { env: {}, now: Date.parse('2026-11-23T00:00:00Z') };

let model: Model;
let warnings: string[];
beforeAll(() => {
  const result = loadConfig(shipped, options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, undefined, 1));
  ({ model, warnings } = result);
});

describe('the shipped configuration', () => {
  test('loads with no more to say than that the coming year’s calendar is missing', () => {
    expect(warnings).toEqual([
      `${shipped}/calendar/2027.yaml: is missing; no day of 2027 is known to be a holiday; "pantau holidays import FILE" makes it of a table or an iCalendar file`,
    ]);
    expect(model.field).toBe('simulated');
  });

  test('has the racks of the catalogue, each with two feeds and an inlet sensor', () => {
    const count = (site: string) => model.racks.filter((rack) => rack.site === site).length;
    expect([count('dc'), count('smart-dc'), count('drc')]).toEqual([264, 172, 292]);
    const wired = (rack: Model['racks'][number]) =>
      model.points.some((each) => each.site === rack.site && each.id === `${rack.key}/power`);
    expect(model.racks.filter((rack) => !wired(rack))).toEqual([]);
    const inlets = model.devices.filter((device) => device.position === 'inlet');
    expect(inlets).toHaveLength(728);
  });

  test('says of each device which rule of its kind judges nothing, and why', () => {
    const said = unjudgedDevices(model).map(
      ({ device, rule, why }) => `${device.profile.name} ${rule.rule}: ${why}`,
    );
    expect([...new Set(said)].toSorted()).toEqual([
      'generic/modbus-io ats-redundancy-lost: it has no redundancy',
      'generic/modbus-io genset-not-auto: it has no control-mode',
      'ups/rfc1628 ups-battery-disconnected: RFC 1628 has no state of the battery breaker',
      'vesda/faast-modbus smoke-airflow-low: The detector reports a deviation of flow as a fault, which is judged',
    ]);
  });

  test('limits the racks of the Smart DC by function, 5 kW elsewhere', () => {
    const limits = (site: string) => {
      const kinds = model.racks
        .filter((rack) => rack.site === site)
        .map((rack) => `${rack.function} ${rack.limitKw}`);
      return [...new Set(kinds)].toSorted();
    };
    expect(limits('dc')).toEqual(['server 5']);
    expect(limits('smart-dc')).toEqual(['network 2', 'server 3', 'storage 5']);
    expect(limits('drc')).toEqual(['server 5']);
  });

  test('has 25,000 to 35,000 points of the field, and few enough beside them that one page may watch all', () => {
    const own = model.points.filter(
      ({ source }) =>
        source.from === 'diagnostics' || source.from === 'collector' || source.from === 'server',
    );
    expect(model.points.length - own.length).toBeGreaterThan(25_000);
    expect(model.points.length - own.length).toBeLessThan(35_000);
    expect(model.points.length).toBeLessThan(watchLimit);
  });

  test.each([
    ['dc', { incomers: 2, ats: 2, ups: 4, gensets: 3, pacs: 16, routers: 2 }],
    ['smart-dc', { incomers: 2, ats: 2, ups: 4, gensets: 4, pacs: 12, routers: 2 }],
    ['drc', { incomers: 2, ats: 2, ups: 4, gensets: 3, pacs: 18, routers: 2 }],
  ])('has the plant of %s', (site, plant) => {
    const devices = model.devices.filter((device) => device.site === site);
    const kind = (name: string) => devices.filter((device) => device.kind === name).length;
    const roles = devices.filter((device) => device.role === 'incomer').length;
    expect({
      incomers: roles, ats: kind('ats'), ups: kind('ups'), gensets: kind('genset'), pacs: kind('pac'), routers: kind('router'),
    }).toEqual(plant); // prettier-ignore
    for (const name of ['vesda', 'fire-panel', 'leak', 'door', 'cctv', 'fuel-tank', 'env'])
      expect(kind(name), name).toBeGreaterThan(0);
    expect(devices.some((device) => device.role === 'mantrap')).toBe(true);
    expect(model.pointById.has(`${site}/site/endurance`)).toBe(true);
  });

  test('fits below the ports that the kernel hands out when simulated', () => {
    const ports = withSimulatedField(model, 20_000).devices.map((device) =>
      device.address.protocol === 'mqtt'
        ? Number(new URL(device.address.broker.url).port)
        : 'port' in device.address
          ? device.address.port
          : Number.NaN,
    );
    expect(Math.min(...ports)).toBe(20_001);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });
});

describe('check-config', () => {
  test('sums up what is sound', () => {
    const lines: string[] = [];
    expect(checkConfig(configWith({}), (line) => lines.push(line), { ...alone, ...options })).toBe(0);
    expect(lines).toEqual([
      'alpha: 6 racks, devices: 5 by snmp, 8 by modbus, 9 by mqtt; 265 points',
      'total: 6 racks, 22 devices, 265 points, 2 rules; the field is simulated',
    ]);
  });

  test('prints the problems and ends with 78', () => {
    const dir = configWith({ 'pantau.yaml': replace('field: simulated', 'field: simulate') });
    const lines: string[] = [];
    expect(checkConfig(dir, (line) => lines.push(line), { ...alone, ...options })).toBe(configExitCode);
    expect(lines).toEqual([
      `${dir}/pantau.yaml:1 field: "simulate" is not valid; expected "simulated" or "real"; did you mean "simulated"?`,
      '1 problem',
    ]);
  });
});
