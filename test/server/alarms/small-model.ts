import { createTopology } from '../../../config/topology/graph.ts';
import type { Model, Point, Rack, Room, Site } from '../../../config/model.ts';
import { calendarSchema } from '../../../config/schema/calendar.ts';
import { rule as ruleSchema, type RuleEntry } from '../../../config/schema/rule.ts';
import type { SiteStandard, Standard } from '../../../config/schema/standard.ts';
import type { z } from 'zod';
import { shippedAims } from '../../support/aims.ts';

/** A rule as it stands in a file. */
export type RuleInput = z.input<typeof ruleSchema>;

/** A model of two sites made by hand, so that a test shows every number it rests on. */
export function smallModel(parts: {
  readonly rules: readonly RuleInput[];
  readonly points: readonly PointSketch[];
  readonly rooms?: readonly Room[];
  readonly racks?: readonly Rack[];
}): Model {
  const points = parts.points.map(sketchPoint);
  return {
    field: 'simulated',
    intervalsMs: { safety: 1_000, power: 2_000, normal: 10_000, slow: 60_000 },
    standard,
    calendars: [
      calendarSchema.parse({
        year: 2026,
        zone: 'Asia/Jakarta',
        workingHours: { from: '08:00', to: '17:00' },
        source: 'test',
        holidays: ['2026-12-25'],
        jointLeave: ['2026-12-24'],
      }),
    ],
    alarmAims: shippedAims(),
    rules: parts.rules.map((rule): RuleEntry => ruleSchema.parse(rule)),
    profiles: new Map(),
    sites: [site('dc', 'BAB IV.1', 12, 'tinggi'), site('smart-dc', 'BAB IV.2', 96, 'sedang')],
    rooms: parts.rooms ?? [hall],
    racks: parts.racks ?? [],
    devices: [],
    points,
    pointById: new Map(points.map((point) => [point.id, point])),
    deviceById: new Map(),
    topology: createTopology([], []),
  };
}

export type PointSketch = Omit<Partial<Point>, 'index' | 'id'> & Pick<Point, 'id' | 'quantity'>;

function sketchPoint(sketch: PointSketch, index: number): Point {
  const [siteId = '', owner = ''] = sketch.id.split('/');
  return {
    index,
    site: siteId,
    owner: { kind: 'device', id: owner },
    unit: '°C',
    room: 'hall',
    device: owner,
    kind: 'env',
    position: 'inlet',
    intervalMs: 10_000,
    staleAfterMs: 30_000,
    source: { from: 'formula', formula: { kind: 'sum', inputs: [], step: 0.1, skewMs: 30_000 } },
    ...sketch,
  };
}

export const hall: Room = {
  key: 'dc/hall',
  id: 'hall',
  site: 'dc',
  kind: 'data-hall',
  name: { id: 'Ruang data', en: 'Data hall' },
  services: [],
};

export function rack(id: string, limitKw: number, siteId = 'dc'): Rack {
  return {
    key: `${siteId}/${id}`,
    id,
    site: siteId,
    room: 'hall',
    row: 'A',
    number: 1,
    label: id.replace('rack-a', 'A-'),
    function: 'server',
    limitKw,
  };
}

function site(id: string, clause: string, enduranceHours: number, impact: Site['impact']): Site {
  const row: SiteStandard = {
    clause,
    building: id,
    racks: { max: 1, clause: `${clause}.1` },
    floorLoad: { max: 1, clause: `${clause}.1` },
    rackPower: { kw: { storage: 5, server: 5, network: 5 }, clause: `${clause}.2` },
    upsBackupTime: { max: 600_000, batteries: 'VRLA', clause: `${clause}.2` },
    ups: { redundancy: 'N+1', clause: `${clause}.2` },
    frameRate: { min: 20, clause: `${clause}.3` },
    temperature: { min: 18, max: 27, clause: `${clause}.4` },
    humidity: { min: 30, max: 60, clause: `${clause}.4` },
    loadTest: { everyMonths: 1, clause: `${clause}.6` },
    endurance: { hours: enduranceHours, clause: `${clause}.6` },
    gensets: { redundancy: 'N+1', rating: 'prime', clause: `${clause}.6` },
    agent: { name: 'FM200', clause: `${clause}.5` },
  };
  return { id, name: id, building: id, standard: row, impact, collector: 'local' };
}

const working = 'working-hours' as const;
const standard: Standard = {
  standard: 'SC-11/IT/2023',
  revision: '01',
  date: '2023-10-31',
  sites: {},
  reopen: { withinDays: 7, clause: 'BAB III' },
  disaster: {
    clause: 'BAB III',
    source: 'test',
    infrastructure: [
      {
        name: { id: 'Pendukung', en: 'Supporting' },
        disciplines: ['cooling'],
        priorities: ['P1', 'P2'],
        after: 10_800_000,
      },
    ],
    checklist: [{ id: 'Periksa', en: 'Check' }],
  },
  priorities: {
    clause: 'BAB III, table 2',
    matrix: {
      tinggi: { tinggi: 'P1', sedang: 'P2', rendah: 'P3' },
      sedang: { tinggi: 'P2', sedang: 'P3', rendah: 'P4' },
      rendah: { tinggi: 'P3', sedang: 'P4', rendah: 'P5' },
    },
    resolve: {
      P1: { hours: 3, clock: 'around-the-clock' },
      P2: { hours: 8, clock: working },
      P3: { hours: 16, clock: working },
      P4: { hours: 24, clock: working },
      P5: { hours: 80, clock: working },
    },
  },
  access: { clause: 'ITSM.3', services: {} },
};

/** Rules as they stand in a file, short. */
export const temperatureHigh: RuleInput = {
  rule: 'temperature-high',
  name: { id: 'Suhu tinggi', en: 'Temperature high' },
  discipline: 'cooling',
  points: { quantity: ['temperature'] },
  when: { above: { standard: 'temperature.max' } },
  deadband: 0.5,
  onDelay: '60s',
  offDelay: '120s',
  urgency: 'sedang',
};

export const fire: RuleInput = {
  rule: 'fire',
  name: { id: 'Kebakaran', en: 'Fire' },
  discipline: 'fire',
  points: { quantity: ['alarm-level'] },
  when: { states: ['fire-1'], source: '{clause}.5' },
  latched: true,
  urgency: 'tinggi',
};

export const deviceLost: RuleInput = {
  rule: 'device-lost',
  name: { id: 'Tidak menjawab', en: 'Does not answer' },
  discipline: 'network',
  points: { quantity: ['link'] },
  when: { states: ['lost'], source: '{clause}.7' },
  urgency: 'rendah',
};
