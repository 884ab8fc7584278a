import { describe, expect, it } from 'vitest';
import {
  changed,
  criterion,
  engine,
  judged,
  minute,
  planned,
  runsOf,
  second,
  t0,
  testTraces,
  theRun,
  trace,
} from './support.ts';

const loaded = 35 * 60;
const whole = testTraces(loaded);
const at = (edge: { readonly at: number } | null | undefined): number | null =>
  edge === null || edge === undefined ? null : (edge.at - t0) / second;

describe('a planned test', () => {
  const { run } = theRun(whole, { declarations: [planned] });
  const find = (phase: string, thing: string | null = null) =>
    run.phases.find((each) => each.phase === phase && each.thing === thing);

  it('is a test, from the loss of PLN to the stop of the last engine', () => {
    expect(run.label).toEqual({ label: 'test', why: 'planned', declaration: 'test-1' });
    expect([at({ at: run.from }), run.to === null ? null : at({ at: run.to })]).toEqual([0, loaded + 74]);
  });

  it('has every phase timed to the sample', () => {
    expect([at(find('grid-off')?.from), at(find('grid-back')?.to)]).toEqual([0, loaded - 16]);
    expect([at(find('ups-battery', 'ups-1')?.from), at(find('ups-battery', 'ups-1')?.to)]).toEqual([0, 14]);
    expect([at(find('crank', 'genset-1')?.from), at(find('crank', 'genset-1')?.to)]).toEqual([2, 6]);
    expect(at(find('in-tolerance', 'genset-1')?.to)).toBe(10);
    expect([at(find('transfer', 'ats-a')?.to), at(find('retransfer', 'ats-a')?.to)]).toEqual([14, loaded + 14]);
    expect([at(find('loaded-run')?.from), at(find('loaded-run')?.to)]).toEqual([14, loaded + 14]);
    expect([at(find('cool-down', 'genset-2')?.from), at(find('stop', 'genset-2')?.to)]).toEqual([loaded + 14, loaded + 74]);
    expect(run.phases.filter(({ seen }) => seen !== 'seen')).toEqual([]);
  }); // prettier-ignore
});

describe('what a run is called', () => {
  const label = (...options: Parameters<typeof theRun>) => theRun(...options).run.label;

  it('is an outage when nobody announced it', () => {
    expect(label(whole)).toMatchObject({ label: 'outage', why: 'grid-lost' });
  });

  it('is a test when the engines ran before PLN went', () => {
    const early = changed(whole, {
      't/genset-1/engine-state': trace([[-200, engine.stopped], [-60, engine.cranking], [-56, engine.running], [loaded + 74, engine.stopped]], { toS: loaded + 600 }),
    }); // prettier-ignore
    expect(label(early)).toMatchObject({ label: 'test', why: 'started-before' });
  });

  it('is an exercise without load when PLN stays and no switch moves', () => {
    const still = { toS: loaded + 600 };
    const exercise = changed(whole, {
      't/pln-a/l1/voltage': trace([[-200, 230]], { ...still, everyS: 2 }),
      't/ats-a/position': trace([[-200, 1]], still),
      't/ups-1/output-source': trace([[-200, 1]], still),
      't/genset-1/power': trace([[-200, 0]], still),
      't/genset-2/power': trace([[-200, 0]], still),
    });
    expect(label(exercise)).toMatchObject({ label: 'no-load' });
  });

  it('is aborted when the engines give up while PLN is away, and says so only because the readings show it', () => {
    const lost = { toS: loaded + 600 };
    const failed = changed(whole, {
      't/genset-1/power': trace([[-200, 0], [14, 400], [300, 0]], lost),
      't/genset-2/power': trace([[-200, 0], [14, 400], [300, 0]], lost),
    }); // prettier-ignore
    expect(label(failed, { declarations: [planned] })).toMatchObject({ label: 'aborted', why: 'load-lost' });
  });

  it('is not clear when two points of forty tell nothing of PLN, of the switches and of the UPSs', () => {
    const few = new Map(
      [...whole].filter(([id]) => id.endsWith('genset-1/frequency') || id.endsWith('genset-1/power')),
    );
    const { run } = theRun(few);
    expect(run.label).toMatchObject({ label: 'unclear', why: 'not-seen' });
    expect(run.phases.find(({ phase }) => phase === 'grid-off')).toMatchObject({
      seen: 'unseen',
      from: null,
    });
    expect(run.phases.find(({ phase }) => phase === 'transfer')).toMatchObject({ seen: 'unseen', to: null });
  });
});

describe('the readings', () => {
  it('give the same run when they are read again after a restart, and one that goes on while it does', () => {
    const half = new Map([...whole].map(([id, each]) => [id, { ...each, samples: each.samples.filter(({ at: time }) => time <= t0 + 10 * minute) }])); // prettier-ignore
    const [open] = runsOf(half, { declarations: [planned], untilS: 600 });
    expect(open?.run).toMatchObject({ to: null, label: { label: 'test' } });
    expect(runsOf(whole)[0]?.run).toEqual(runsOf(whole)[0]?.run);
  });

  it('of a second start attempt are one run with two cranks', () => {
    const twice = changed(whole, {
      't/genset-1/engine-state': trace([[-200, 0], [2, engine.cranking], [8, 0], [18, engine.cranking], [22, engine.running], [loaded + 14, engine.cooling], [loaded + 74, 0]], { toS: loaded + 600 }),
    }); // prettier-ignore
    const { run } = theRun(twice, { declarations: [planned] });
    const cranks = run.phases.filter(({ phase, thing }) => phase === 'crank' && thing === 'genset-1');
    expect(cranks.map(({ from, to }) => [at(from), at(to)])).toEqual([
      [2, 8],
      [18, 22],
    ]);
  });

  it('of a genset whose clock is minutes off are put on the clock of the switch, and the run says so', () => {
    const late = new Map([...whole].map(([id, each]) => [id, id.includes('genset-1') ? { ...each, samples: each.samples.map((sample) => ({ ...sample, at: sample.at + 150 * second })) } : each])); // prettier-ignore
    const { run } = theRun(late, { declarations: [planned] });
    expect(run.clocks).toMatchObject([{ device: 'genset-1' }]);
    expect(Math.abs((run.clocks[0]?.offsetMs ?? 0) + 150 * second)).toBeLessThanOrEqual(2 * second);
    expect(Math.abs((at(run.phases.find(({ phase, thing }) => phase === 'in-tolerance' && thing === 'genset-1')?.to) ?? 0) - 10)).toBeLessThanOrEqual(2); // prettier-ignore
  });

  it('end a run that gave its load back at once, and one without load only when no other attempt followed', () => {
    const lastStop = loaded + 74;
    const open = (traces: typeof whole, untilS: number): boolean =>
      runsOf(traces, { declarations: [planned], untilS }).some(({ run }) => run.to === null);
    expect([open(whole, lastStop), open(whole, lastStop + 2)]).toEqual([true, false]);
    const still = { toS: loaded + 600 };
    const idle = changed(whole, {
      't/pln-a/l1/voltage': trace([[-200, 230.1]], still),
      't/ats-a/position': trace([[-200, 1]], still),
      't/ups-1/output-source': trace([[-200, 1]], still),
      't/genset-1/power': trace([[-200, 0]], still),
      't/genset-2/power': trace([[-200, 0]], still),
    });
    expect([open(idle, lastStop + 120), open(idle, lastStop + 200)]).toEqual([true, false]);
  });

  it('of a genset that ceased after the load was given back hold the run open for a minute, not for a quarter of an hour', () => {
    const ceasedS = loaded + 30;
    const silent = new Map(
      [...whole].map(([id, each]) => [
        id,
        id.includes('genset-1') ? { ...each, samples: each.samples.filter(({ at: time }) => time <= t0 + ceasedS * second) } : each,
      ]),
    );
    const run = (untilS: number) => runsOf(silent, { declarations: [planned], untilS })[0]?.run;
    expect(run(ceasedS + 50)?.to).toBeNull();
    const ended = run(loaded + 74 + 62);
    expect(ended).toMatchObject({ endUnseen: true, label: { label: 'test' } });
    const of = (phase: string, thing: string) => ended?.phases.find((each) => each.phase === phase && each.thing === thing);
    expect([of('stop', 'genset-1')?.seen, of('stop', 'genset-2')?.seen]).toEqual(['unseen', 'seen']);
  }); // prettier-ignore

  it('of speed or frequency tell that an engine has stopped where its controller does not', () => {
    const silent = changed(whole, {
      't/genset-1/engine-state': trace([[-200, engine.stopped], [2, engine.cranking], [6, engine.running]], { toS: loaded }),
    });
    const { run } = theRun(silent, { declarations: [planned] });
    const stop = run.phases.find(({ phase, thing }) => phase === 'stop' && thing === 'genset-1');
    expect([run.endUnseen, at(stop?.from)]).toEqual([false, loaded + 74]);
  }); // prettier-ignore

  it('of a meter that stands still while its genset works are no evidence', () => {
    const frozen = changed(whole, {
      't/genset-1/power': trace([[-200, 400]], { toS: loaded + 600 }),
    });
    const { run } = theRun(frozen, { declarations: [planned] });
    expect(run.frozen.map(({ point }) => point)).toContain('t/genset-1/power');
    expect(criterion(judged(theRun(frozen, { declarations: [planned] })), 'loaded-run').verdict).toBe(
      'not-proven',
    );
  });
});
