import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Point } from '../../../config/model.ts';
import { good, type Reading } from '../../../core/reading.ts';
import { capacityView, predictionsView, type PredictionView } from '../../../server/contracts/capacity.ts';
import type { Field } from '../../../simulator/field.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { minute, morning, second, startField } from '../../simulator/support.ts';
import { pointOf, shippedModel, startServer, type TestServer } from '../support/server.ts';

/** Drills of the simulator at one site, polled into the server as the product wires it: what was predicted is held against what the meters then show. */
const model = shippedModel();
const pollMs = 5 * second;
let server: TestServer;
let clock: FakeClock;
let field: Field;
let watched: Readers;

/** Of devices of which there are hundreds, what capacity reads; absent: all of their points. */
const quantities: Readonly<Record<string, readonly string[]>> = {
  pdu: ['power', 'current'],
  env: ['temperature'],
  door: [],
  cctv: [],
};

type Readers = readonly { readonly point: Point; readonly read: () => number | undefined }[];

function readersOf(of: Field): Readers {
  return model.devices.flatMap((device) => {
    if (device.site !== 'dc') return [];
    return device.points.flatMap((point) => {
      if (quantities[device.kind]?.includes(point.quantity) === false) return [];
      const read = of.reader(device, point);
      return [{ point, read: () => numberOf(point, read()) }];
    });
  });
}

function numberOf(point: Point, answer: ReturnType<ReturnType<Field['reader']>>): number | undefined {
  if (!('value' in answer)) return undefined;
  if (typeof answer.value === 'number') return answer.value;
  return [...(point.states ?? [])].find(([, name]) => name === answer.value)?.[0];
}

function readAll(at: number): Reading[] {
  return watched.flatMap(({ point, read }) => {
    const value = read();
    return value === undefined ? [] : [{ point: point.index, at, value, quality: good }];
  });
}

/** Lets the site run, polled every five seconds. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += pollMs) {
    field.advance(clock.now());
    server.pipeline.accept(readAll(clock.now()));
    server.tick();
    await clock.advance(pollMs);
  }
}

async function predictions(): Promise<ReturnType<typeof predictionsView.parse>> {
  return predictionsView.parse((await server.api('/capacity/predictions?site=dc', { role: 'viewer' })).json);
}

/** A drill of this length between two quiet minutes, and what is kept of it. */
async function drill(name: Parameters<Field['startDrill']>[0], ms: number): Promise<PredictionView> {
  await pass(70 * second);
  field.startDrill(name, 'dc', clock.now());
  await pass(ms);
  field.stopDrill(name, 'dc');
  await pass(30 * second);
  const [latest] = (await predictions()).items;
  if (latest === undefined) throw new Error(`nothing was kept of ${name}`);
  return latest;
}

const pastMinutes = 70;
/** What was before the server starts, minute by minute; for half an hour a PAC of the larger hall was out. */
async function storePast(): Promise<void> {
  const past = startField(model, { at: morning - pastMinutes * minute });
  const readers = readersOf(past);
  const byId = new Map(readers.map(({ point, read }) => [point.id, read]));
  const inHall = (point: Point): boolean => model.racks.some((rack) => rack.site === 'dc' && rack.room === 'hall-1' && rack.id === point.rack); // prettier-ignore
  const power = readers.filter(({ point }) => point.quantity === 'power' && point.part === undefined && inHall(point)); // prettier-ignore
  const formula = pointOf(model, 'dc/hall-1/temperature-mean').source;
  const sensors =
    formula.from === 'formula' && 'inputs' in formula.formula
      ? formula.formula.inputs.flatMap((index) => model.points[index]?.id ?? [])
      : [];
  const pacs = readers.filter(({ point }) => ['system-state', 'cooling-capacity'].includes(point.quantity));
  const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0); // prettier-ignore
  for (let passed = 1; passed < pastMinutes; passed += 1) {
    const at = morning - pastMinutes * minute + passed * minute;
    if (passed === 10) past.startDrill('pac-failure', 'dc', at);
    if (passed === 40) past.stopDrill('pac-failure', 'dc');
    past.advance(at);
    const temperatures = sensors.map((id) => byId.get(id)?.());
    await server.historian.append([
      { point: 'dc/hall-1/temperature-mean', at, value: sum(temperatures) / temperatures.length, quality: good },
      { point: 'dc/hall-1/power', at, value: sum(power.map(({ read }) => read())), quality: good },
      ...pacs.flatMap(({ point, read }) => {
        const value = read();
        return value === undefined ? [] : [{ point: point.id, at, value, quality: good }];
      }),
    ]); // prettier-ignore
  }
}

beforeAll(async () => {
  clock = createFakeClock(morning);
  field = startField(model);
  server = await startServer({ model, clock });
  watched = readersOf(field);
  await storePast();
});
afterAll(() => server.close());

describe('what was predicted for a drill', () => {
  it('that takes a feed away names every rack and the load of what is left', async () => {
    const kept = await drill('feed-a-loss', 70 * second);
    expect(kept.elements.map(({ key }) => key)).toEqual(['dc/ups-a1', 'dc/ups-a2']);
    expect(kept.losesRedundancy).toEqual({ predicted: 264, seen: 264 });
    expect(kept.darkRacks).toEqual({ notPredicted: [], notSeen: [] });
    expect(kept.loads.map(({ key }) => key)).toEqual(['dc/ups-b1', 'dc/ups-b2']);
    expect(kept.loadErrorPercent).toBeLessThan(5);
    // Racks swing by 3 % within these minutes, each at its own pace.
    expect(kept.pdus?.compared).toBe(264);
    expect(kept.pdus?.largestErrorPercent).toBeLessThan(5);
  });

  it('without PLN gives the minutes on battery and the load of the gensets', async () => {
    const kept = await drill('pln-outage', 70 * second);
    expect(kept.elements.map(({ key }) => key)).toEqual(['dc/pln-a', 'dc/pln-b']);
    expect(kept.batteries).toHaveLength(4);
    expect(kept.batteryErrorPercent).toBeLessThan(5);
    // The batteries that are charged again are not in the prediction.
    expect(kept.gensets?.predicted).toBeLessThan(kept.gensets?.seen ?? 0);
    expect(kept.gensetErrorPercent).toBeLessThan(10);
    expect(kept.dark).toEqual({ predicted: 0, seen: 0 });
  });

  it('of a PAC gives how warm its hall becomes, by the model of the hall', async () => {
    const kept = await drill('pac-failure', 120 * second);
    expect(kept.temperatures.map(({ hall }) => hall)).toEqual(['dc/hall-1']);
    expect(kept.temperatureErrorC).toBeLessThan(1);
    expect(kept.warming.map(({ limitC, predicted, seen }) => [limitC, predicted, seen])).toEqual([
      [27, 'never', null],
      [32, 'never', null],
    ]);
    expect(kept.watchedMinutes).toBeCloseTo(2, 1);
  });

  it('is summed up by figure', async () => {
    const { accuracy } = await predictions();
    const events = new Map(accuracy.map(({ figure, events: n }) => [figure, n]));
    expect(Object.fromEntries(events)).toEqual({
      'ups-load': 3, 'pdu-load': 3, battery: 1, 'genset-load': 1, temperature: 1, 'dark-racks': 3,
    }); // prettier-ignore
  });
});

describe('breakers', () => {
  it('of the shipped configuration are called assumed', async () => {
    const [site] = capacityView.parse((await server.api('/capacity?site=dc', { role: 'viewer' })).json).items;
    expect(site?.breakers).toEqual({ rated: 0, assumed: 528, unrated: 0, assumedAmps: [16] });
  });
});
