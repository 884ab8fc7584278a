import type { Model } from '../../../config/model.ts';

/** What points of the DC (ids without the site) say: a number, or the name of a state. */
export type Said = Readonly<Record<string, number | string>>;

const phases = (id: string, quantity: string, values: readonly number[]): Said =>
  Object.fromEntries(values.map((value, index) => [`${id}/l${index + 1}/${quantity}`, value]));
export const carried: Said = {
  'pln-a/power': 450,
  'pln-b/power': 450,
  'genset-1/power': 0,
  'genset-2/power': 0,
  'genset-3/power': 0,
};
export const ready = (set: number, mode = 'auto'): Said => ({ [`genset-${set}/control-mode`]: mode });
export const rackLoads = (model: Model, kw: number): Said =>
  Object.fromEntries(
    model.racks
      .filter(({ site }) => site === 'dc')
      .flatMap(({ id, key }) =>
        (['A', 'B'] as const).flatMap((feed) =>
          model.topology.meters(key, feed).map((meter) => [`${meter.slice('dc/'.length)}/power`, kw / 2, id]),
        ),
      ),
  );
export const upsOf = (feed: 'a' | 'b', ...sources: string[]): Said =>
  Object.fromEntries(sources.map((source, index) => [`ups-${feed}${index + 1}/output-source`, source]));
const pacs = (capacity: number, stopped: readonly number[] = []): Said =>
  Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8].flatMap((number) => [
      [`pac-0${number}/system-state`, stopped.includes(number) ? 'off' : 'on'],
      [`pac-0${number}/cooling-capacity`, stopped.includes(number) ? 0 : capacity],
    ]),
  );
const routers = (first: string, second: string): Said =>
  Object.fromEntries(
    [first, second].flatMap((wan, index) => [
      [`router-${index + 1}/link`, 'ok'],
      [`router-${index + 1}/lan/oper-status`, 'up'],
      [`router-${index + 1}/wan/oper-status`, wan],
    ]),
  );

/** Rules on derived points: what the devices say while all is well and while it is not, and which alarms that raises. */
export const derived: readonly {
  rule: string;
  well: (model: Model) => Said;
  ill: (model: Model) => Said;
  minutes: number;
  raises: readonly string[];
}[] = [
  {
    rule: 'pln-source-lost: a whole source is one alarm, and none of its phases',
    well: () => phases('pln-a', 'voltage', [230, 231, 229]),
    ill: () => phases('pln-a', 'voltage', [0, 0, 0]),
    minutes: 1,
    raises: ['pln-source-lost@dc/pln-a/voltage-max'],
  },
  {
    rule: 'pln-phase-low: one phase is a dip of that phase, and the source is there',
    well: () => phases('pln-a', 'voltage', [230, 231, 229]),
    ill: () => phases('pln-a', 'voltage', [230, 12, 229]),
    minutes: 1,
    raises: ['pln-phase-low@dc/pln-a/l2/voltage-drop'],
  },
  {
    rule: 'genset-redundancy-lost: one of three sets can carry the site, two are out',
    well: () => ({
      ...carried,
      ...ready(1),
      ...ready(2),
      ...ready(3),
      'genset-2/fail-to-start/alarm': 'inactive',
    }),
    ill: () => ({
      ...carried,
      ...ready(1, 'manual'),
      ...ready(2),
      ...ready(3),
      'genset-2/fail-to-start/alarm': 'shutdown',
    }),
    minutes: 2,
    raises: [
      'genset-fault@dc/genset-2/fail-to-start/alarm',
      'genset-not-auto@dc/genset-1/control-mode',
      'genset-redundancy-lost@dc/site/gensets/units-spare',
    ],
  },
  {
    rule: 'ups-redundancy-lost: one UPS carries the feed, the other is off',
    well: (model) => ({ ...rackLoads(model, 2.5), ...upsOf('a', 'normal', 'normal') }),
    ill: (model) => ({ ...rackLoads(model, 2.5), ...upsOf('a', 'none', 'normal') }),
    minutes: 3,
    raises: ['ups-output-off@dc/ups-a1/output-source', 'ups-redundancy-lost@dc/site/ups-a/units-spare'],
  },
  {
    rule: 'ups-load-after-loss: the load has outgrown one UPS while the other is off',
    well: (model) => ({ ...rackLoads(model, 2.5), ...upsOf('b', 'normal', 'normal') }),
    ill: (model) => ({ ...rackLoads(model, 2.9), ...upsOf('b', 'normal', 'bypass') }),
    minutes: 5,
    raises: [
      'ups-load-after-loss@dc/ups-b1/load-after-loss',
      'ups-load-after-loss@dc/ups-b2/load-after-loss',
      'ups-on-bypass@dc/ups-b2/output-source',
      'ups-redundancy-lost@dc/site/ups-b/units-spare',
    ],
  },
  {
    rule: 'rack-redundancy-lost: A and B are each within the limit, together they are not',
    well: () => ({ 'pdu-a01-a/power': 2.4, 'pdu-a01-b/power': 2.4 }),
    ill: () => ({ 'pdu-a01-a/power': 2.6, 'pdu-a01-b/power': 2.6 }),
    minutes: 2,
    raises: ['rack-redundancy-lost@dc/rack-a01/load-after-loss'],
  },
  {
    rule: 'pac-redundancy-lost: eight PACs of which the heat takes seven, two stopped',
    well: () => pacs(75),
    ill: () => pacs(100, [2, 3]),
    minutes: 6,
    raises: [
      'pac-off@dc/pac-02/system-state',
      'pac-off@dc/pac-03/system-state',
      'pac-redundancy-lost@dc/hall-1/pacs/units-spare',
    ],
  },
  {
    rule: 'mantrap-both-open',
    well: () => ({ 'door-mantrap/door-1/door-state': 'open', 'door-mantrap/door-2/door-state': 'closed' }),
    ill: () => ({ 'door-mantrap/door-1/door-state': 'open', 'door-mantrap/door-2/door-state': 'open' }),
    minutes: 0.5,
    raises: ['mantrap-both-open@dc/door-mantrap/doors-open'],
  },
  {
    rule: 'cctv-frame-rate: while it records',
    well: () => ({ 'cctv/recording': 'recording', 'cctv/frame-rate': 25 }),
    ill: () => ({ 'cctv/recording': 'recording', 'cctv/frame-rate': 19 }),
    minutes: 1,
    raises: ['cctv-frame-rate@dc/cctv/recording-frame-rate'],
  },
  {
    rule: 'cctv-gap: a door is open and nothing is recorded',
    well: () => ({ 'cctv/recording': 'recording', 'door-hall-1/door-1/door-state': 'open' }),
    ill: () => ({ 'cctv/recording': 'idle', 'door-hall-1/door-1/door-state': 'open' }),
    minutes: 1.5,
    raises: ['cctv-gap@dc/cctv/doors-unrecorded'],
  },
  {
    rule: 'internet-lost: both providers',
    well: () => routers('up', 'down'),
    ill: () => routers('down', 'down'),
    minutes: 1.5,
    raises: [
      'interface-down@dc/router-1/wan/oper-status',
      'interface-down@dc/router-2/wan/oper-status',
      'internet-lost@dc/site/providers-up',
    ],
  },
];
