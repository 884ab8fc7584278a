import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Model } from '../../../config/model.ts';
import { createTopology, type TopologyNode } from '../../../config/topology/graph.ts';
import { good } from '../../../core/reading.ts';
import type { IncidentView } from '../../../server/contracts/incidents.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { openIncidents } from '../../../server/incidents/compose.ts';
import { dice } from '../../../bench/dice.ts';
import { fire, smallModel, type RuleInput } from '../../server/alarms/small-model.ts';
import { hot, modelOf, monday } from '../../server/notify/running.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createLife, createMailbox, type Moment } from './world.ts';

/** A supply that fails, what it feeds, and two things that have nothing to do with it. Every one of them is a P1. */
const cause = 'dc/ats-a/position';
const consequences = ['dc/ups-a1/output-source', 'dc/ups-a2/output-source'];
const unrelated = ['dc/env-1/temperature', 'dc/vesda/alarm-level'];
const all = [cause, ...consequences, ...unrelated];
const bad: Readonly<Record<string, number>> = { [unrelated[0] ?? '']: 29, [unrelated[1] ?? '']: 4 };

const supply: RuleInput = {
  rule: 'ats-open', name: { id: 'ATS terbuka', en: 'ATS open' }, discipline: 'power', points: { quantity: ['position'] },
  when: { states: ['off'], source: 'test' }, urgency: 'tinggi', effect: 'supply-lost', gather: 'device',
}; // prettier-ignore
const battery: RuleInput = {
  rule: 'ups-on-battery', name: { id: 'UPS memakai baterai', en: 'UPS on battery' }, discipline: 'power', points: { quantity: ['output-source'] },
  when: { states: ['battery'], source: 'test' }, urgency: 'tinggi', explainedBy: [{ through: 'supplies', effects: ['supply-lost'] }],
}; // prettier-ignore

function soakModel(): Model {
  const states = (name: string) => new Map([[0, 'normal'], [1, name]]); // prettier-ignore
  const node = (id: string, device: TopologyNode['device']): TopologyNode => ({ key: `dc/${id}`, site: 'dc', kind: 'device', id, device, feed: 'A' }); // prettier-ignore
  const feeds = (to: string) => ({ from: 'dc/ats-a', to, type: 'supplies' as const, feed: 'A' as const, why: 'default' as const }); // prettier-ignore
  const { people } = modelOf();
  return {
    ...smallModel({
      rules: [supply, battery, hot, fire],
      points: [
        { id: cause, quantity: 'position', kind: 'ats', unit: 'state', states: states('off') },
        ...consequences.map((id) => ({ id, quantity: 'output-source', kind: 'ups' as const, unit: 'state' as const, states: states('battery') })),
        { id: unrelated[0] ?? '', quantity: 'temperature' },
        { id: unrelated[1] ?? '', quantity: 'alarm-level', unit: 'state', states: new Map([[0, 'normal'], [4, 'fire-1']]) },
      ],
    }),
    ...(people === undefined ? {} : { people }),
    field: 'real',
    topology: createTopology(
      [node('ats-a', 'ats'), node('ups-a1', 'ups'), node('ups-a2', 'ups')],
      [feeds('dc/ups-a1'), feeds('dc/ups-a2')],
    ),
  }; // prettier-ignore
}

export interface Outcome {
  readonly diedAt: Moment;
  /** Messages that arrived, each counted once. */
  readonly pages: number;
  /** Open, unacknowledged, and nobody was told; or decided and never sent. */
  readonly lost: readonly string[];
  /** Told in two messages that nothing marks as the same. */
  readonly doubled: readonly string[];
  /** As `doubled`, where the store was away or still writing when the process died: nothing could have known. */
  readonly unknowable: readonly string[];
  /** About a consequence, in an incident of its own, while its cause stood. */
  readonly forConsequences: readonly string[];
  /** Recorded as sent before the process died, and sent again. */
  readonly sentAgain: readonly string[];
  /** Came twice under one key: the process died, or the answer was lost, in the moment in which the channel took it. */
  readonly repeated: number;
}

/** Runs scenarios on one store, one after the other. */
export async function createPageSoak(): Promise<{
  run(seed: number): Promise<Outcome>;
  close(): Promise<void>;
}> {
  const db = await openDatabase(':memory:');
  const model = soakModel();
  return {
    run: (seed) => runOne(db, model, seed),
    close: () => db.destroy(),
  };
}

const tables = ['notification', 'page_plan', 'incident_alarm', 'incident_event', 'incident', 'alarm_state', 'alarm_occurrence', 'alarm_journal'] as const; // prettier-ignore

async function runOne(db: Database, model: Model, seed: number): Promise<Outcome> {
  for (const table of tables) await db.deleteFrom(table).execute();
  const chance = dice(seed);
  const mailbox = createMailbox();
  const values = new Map(all.map((id) => [id, id === unrelated[0] ? 20 : 0]));
  const first = createFakeClock(monday);
  const life = createLife({ db, mailbox, dice: chance, diesAt: chance.whole(1, 24), isHealthy: false });
  let isAway = false;

  async function begin(clock: FakeClock, of: ReturnType<typeof createLife>) {
    const parts = await openIncidents({
      model, db: of.store, clock, randomBytes, log: pino({ level: 'silent' }),
      ticketsTouching: () => Promise.resolve([]), readNow: () => null,
      notify: { channels: of.channels, roster: () => ({ overrides: [], timeOff: [] }), publicUrl: 'https://p.example', secret: 's' },
    }); // prettier-ignore
    const poll = (): void =>
      parts.alarms.accept(
        [...values].map(([id, value]) => ({ point: model.pointById.get(id)?.index ?? -1, at: clock.now(), value, quality: good })),
      ); // prettier-ignore
    const pass = async (seconds: number): Promise<void> => {
      await clock.advance(seconds * 1_000);
      poll();
      parts.alarms.tick();
      // The store answers from a thread: real time, of which a fake clock has none.
      await settled(db);
    };
    return { ...parts, pass };
  }

  /** What happens until the process dies. */
  async function play(running: Awaited<ReturnType<typeof begin>>): Promise<void> {
    const script = chance.whole(6, 14);
    for (let turn = 0; turn < script && life.diedAt() === undefined; turn += 1) {
      const what = chance.whole(1, 10);
      if (what <= 5) {
        // A cause first, what follows from it after; both may end.
        const id = chance.chance(0.5) ? cause : chance.pick([...consequences, ...unrelated]);
        const isBad = consequences.includes(id) ? values.get(cause) === 1 : chance.chance(0.8);
        values.set(id, isBad ? (bad[id] ?? 1) : id === unrelated[0] ? 20 : 0);
        if (values.get(cause) === 0) for (const each of consequences) values.set(each, 0);
      } else if (what === 6) {
        isAway = !isAway;
        life.refuse(isAway);
      } else if (what === 7) {
        const [open] = await running.incidents.list({ state: 'open', limit: 1 }).catch(() => []);
        if (open !== undefined) await running.incidents.acknowledge(open.id, 'andi').catch(() => undefined);
      }
      await running.pass(chance.pick([1, 1, 2, 6, 61])).catch(() => undefined);
    }
  }

  await begin(first, life).then(play, () => undefined);
  const wasAway = life.isUnwritten();
  life.kill();
  await settled(db);
  const diedAt = life.diedAt() ?? 'before a transaction';
  const recorded = await db.selectFrom('notification').selectAll().where('state', '=', 'sent').execute();
  const before = new Map(
    mailbox.arrived().map((each) => [`${each.person} ${each.channel} ${each.key}`, each.times]),
  );

  // The next one, with everything well.
  const next = createLife({ db, mailbox, dice: chance, diesAt: 0, isHealthy: true });
  const clock = createFakeClock(first.now() + chance.whole(1, 30) * 1_000);
  const after = await begin(clock, next);
  for (const seconds of [1, 1, 5, 62, 62, 62, 62, 62]) await after.pass(seconds);

  const rows = await db.selectFrom('notification').selectAll().execute();
  const open = await after.incidents.list({ state: 'open', limit: 50 });
  const arrived = mailbox.arrived();
  const told = (id: string): boolean => arrived.some(({ text }) => text.includes(`/gangguan/${id}`));
  const claimed = new Set(rows.map(({ person, channel, message }) => `${person} ${channel} ${message}`));
  const orphans = arrived.map(({ person, channel, key }) => `${person} ${channel} ${key}`).filter((id) => !claimed.has(id)); // prettier-ignore
  const again = recorded.map(({ person, channel, message }) => `${person} ${channel} ${message}`).filter((id) => {
    const now = arrived.find((each) => `${each.person} ${each.channel} ${each.key}` === id);
    return now !== undefined && now.times > (before.get(id) ?? 0);
  }); // prettier-ignore
  const views = await Promise.all(open.map(({ id }) => after.incidents.get(id)));
  const ofConsequence = views.filter((view) => view?.alarms.every(({ id }) => consequences.some((point) => id.endsWith(point))) === true); // prettier-ignore
  await after.notify.close();
  await after.incidents.close();
  return {
    diedAt,
    pages: arrived.length,
    lost: [
      ...views.flatMap((view) => (view !== undefined && isUnknown(view) && !told(view.id) ? [`incident ${view.id}`] : [])),
      ...rows.filter(({ state }) => state === 'waiting').map(({ id, answer }) => `notification ${id}: ${answer}`),
      ...rows
        .filter(({ state, person, channel, message }) => state === 'sent' && !mailbox.has(person, channel, message ?? ''))
        .map(({ id }) => `notification ${id} is recorded as sent and is not there`),
    ],
    doubled: wasAway ? [] : orphans.filter((id) => !life.undurable().has(id)),
    unknowable: wasAway ? orphans : orphans.filter((id) => life.undurable().has(id)),
    forConsequences: values.get(cause) === 1 ? ofConsequence.flatMap((view) => (view === undefined || !told(view.id) ? [] : [view.id])) : [],
    sentAgain: again,
    repeated: arrived.filter(({ times }) => times > 1).length,
  }; // prettier-ignore
}

/** Nobody has seen it; a consequence that joins what somebody acknowledged is on the screen of that person and pages nobody. */
function isUnknown({ acknowledgedBy, alarms }: IncidentView): boolean {
  return alarms.some(({ acknowledged, because }) => !acknowledged && (acknowledgedBy === null || because === null));
} // prettier-ignore

/** Waits behind whatever the store has begun, a few times over: what it leads to may begin more. */
async function settled(db: Database): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await db.selectFrom('setting').select('key').limit(1).execute();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
