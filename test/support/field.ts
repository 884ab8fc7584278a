import { createTopology } from '../../config/topology/graph.ts';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { devicePoints, pointList } from '../../config/build/points.ts';
import type { Address, Device, Model } from '../../config/model.ts';
import { formatProblem } from '../../config/problem.ts';
import { loadFile } from '../../config/read/files.ts';
import { profileSchema, type InputPoint, type Profile } from '../../config/schema/profile.ts';
import { shippedAims } from './aims.ts';
import { describeQuality, type Reading, type ReadingSink } from '../../core/reading.ts';

const profilesDir = fileURLToPath(new URL('../../config/library/profiles', import.meta.url));

const intervalsMs = { safety: 1_000, power: 2_000, normal: 10_000, slow: 60_000 };
export const silentLog = pino({ level: 'silent' });

/** A profile as it is shipped, by name, e.g. `meter/schneider-pm5100`. */
export function shippedProfile(name: string): Profile {
  const { value, problems } = loadFile(profilesDir, name, profileSchema);
  if (value === undefined) throw new Error(`${name}: ${problems.map(formatProblem).join('; ')}`);
  return { ...value, name };
}

export interface FieldEntry {
  readonly id: string;
  readonly profile: Profile;
  readonly address: Address;
  readonly parts?: Record<string, string[]>;
  readonly inputs?: InputPoint[];
  readonly instance?: string;
}

/** Just enough of a model for the collectors: devices of a site `t`, and their points. */
export function fieldModel(entries: readonly FieldEntry[]): Model {
  const list = pointList();
  const devices = entries.map(({ id, profile, address, parts, inputs, instance }): Device => {
    const kind = profile.kind === 'any' ? 'meter' : profile.kind;
    const place = {
      key: `t/${id}`,
      id,
      site: 't',
      kind,
      profile,
      address,
      room: 'r',
      rating: {},
      interval: profile.interval,
    };
    const entry = {
      ...(parts === undefined ? {} : { parts }),
      ...(inputs === undefined ? {} : { inputs }),
      ...(instance === undefined ? {} : { instance }),
    };
    return devicePoints(list, place, { entry, claims: [], intervalsMs });
  });
  return {
    field: 'real',
    intervalsMs,
    standard: {
      standard: 'none',
      revision: '0',
      date: '2026-01-01',
      sites: {},
      priorities: {
        clause: 'none',
        matrix: { tinggi: empty(), sedang: empty(), rendah: empty() },
        resolve: { P1: hours, P2: hours, P3: hours, P4: hours, P5: hours },
      },
      reopen: { withinDays: 7, clause: 'none' },
      disaster: { clause: 'none', source: 'none', infrastructure: [], checklist: [] },
      access: { clause: 'none', services: {} },
    },
    calendars: [],
    alarmAims: shippedAims(),
    rules: [],
    profiles: new Map(entries.map(({ profile }) => [profile.name, profile])),
    sites: [],
    rooms: [],
    racks: [],
    devices,
    points: list.points,
    pointById: new Map(list.points.map((point) => [point.id, point])),
    deviceById: new Map(devices.map((device) => [device.key, device])),
    topology: createTopology([], []),
  };
}

const hours = { hours: 1, clock: 'around-the-clock' as const };
function empty() {
  return { tinggi: 'P1' as const, sedang: 'P2' as const, rendah: 'P3' as const };
}

interface SeenValue {
  readonly value: number;
  readonly at: number;
  /** `good`, or the reason why not. */
  readonly quality: string;
}

export interface Recorder {
  readonly sink: ReadingSink;
  readonly readings: Reading[];
  /** The newest of a point, by its id. */
  last(id: string): SeenValue | undefined;
  /** The newest of every point as text: `23.4`, the state's name, or `!reason`. Ids without the site; no health. */
  picture(): Record<string, string>;
}

/** A sink that keeps what it is given. */
export function recorder(model: Model): Recorder {
  const readings: Reading[] = [];
  const last = (id: string): SeenValue | undefined => {
    const index = model.pointById.get(id)?.index;
    const reading = readings.findLast(({ point }) => point === index);
    if (reading === undefined) return undefined;
    const { quality, reason } = describeQuality(reading.quality);
    return { value: reading.value, at: reading.at, quality: reason ?? quality };
  };
  return {
    sink: (more) => readings.push(...more),
    readings,
    last,
    picture: () =>
      Object.fromEntries(
        model.points.flatMap((point) => {
          const seen = last(point.id);
          if (seen === undefined || point.source.from === 'diagnostics') return [];
          const text = point.states?.get(seen.value) ?? String(Number(seen.value.toPrecision(7)));
          return [
            [point.id.slice(point.site.length + 1), seen.quality === 'good' ? text : `!${seen.quality}`],
          ];
        }),
      ),
  };
}

/** Resolves once the condition holds; rejects after 25 s with what was waited for. For real sockets only. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 25_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
