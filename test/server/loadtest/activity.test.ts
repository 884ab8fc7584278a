import { describe, expect, it } from 'vitest';
import { createActivity } from '../../../server/loadtest/activity.ts';
import { siteRoles } from '../../../server/loadtest/roles.ts';
import { minute, morning, second, shippedModel } from '../../simulator/support.ts';

const model = shippedModel();
const profile = model.loadTest ?? expect.fail('no profile');
const roles = siteRoles(model, 'dc');
const idOf = (index: number): string => model.points[index]?.id ?? '';

/** A site at which each point keeps its value until it is set again, or is not read any more. */
function site() {
  const activity = createActivity(roles, model, profile.recognition);
  const values = new Map<string, number>();
  const silent = new Set<string>();
  let now = 0;
  const set = (end: string, value: number | string): void => {
    for (const { id, states } of [...model.pointById.values()].filter(({ id }) => id.startsWith('dc/') && id.endsWith(end))) {
      const code = typeof value === 'number' ? value : [...(states ?? [])].find(([, name]) => name === value)?.[0];
      if (code === undefined) throw new Error(`${id} has no state ${value}`);
      values.set(id, code);
    }
  };
  /** Reads all of it every two seconds for so long; whether a run ended meanwhile. */
  const poll = (ms: number): boolean => {
    let ended = false;
    for (const until = now + ms; now < until;) {
      now += 2 * second;
      const readings = [...values].flatMap(([id, value]) => {
        const index = model.pointById.get(id)?.index;
        return index === undefined || silent.has(id) ? [] : [{ point: index, at: morning + now, value, quality: 0 }];
      });
      ended = activity.accept(readings, now) || ended;
    }
    return ended;
  };
  for (const { voltages } of roles.incomers) for (const { id } of voltages) set(id.slice(3), 230);
  for (const { id } of roles.transfers) set(`${id}/position`, 'source-1');
  for (const { id } of roles.gensets) set(`${id}/engine-state`, 'stopped');
  return { activity, set, poll, silent };
} // prettier-ignore

describe('a run', () => {
  it('goes on from the first change to the last engine, and names the reading that ended it', () => {
    const { activity, set, poll } = site();
    poll(10 * second);
    set('engine-state', 'running');
    poll(minute);
    expect([activity.isActive, activity.since]).toEqual([true, morning + 12 * second]);
    set('genset-1/engine-state', 'stopped');
    expect(poll(minute)).toBe(false);
    set('engine-state', 'stopped');
    expect(poll(2 * second)).toBe(true);
    expect(idOf(activity.end?.point ?? -1)).toMatch(/engine-state$/);
    expect(activity.end?.at).toBe(morning + 132 * second);
  });

  it('ends when the engine that still turns is not read any more, the site being on PLN; it goes on when it is read again', () => {
    const { activity, set, poll, silent } = site();
    poll(10 * second);
    set('genset-1/engine-state', 'running');
    poll(minute);
    const { since } = activity;
    silent.add('dc/genset-1/engine-state');
    expect(poll(5 * minute)).toBe(true);
    expect([activity.isActive, activity.end]).toEqual([false, null]);
    silent.clear();
    poll(2 * second);
    expect([activity.isActive, activity.since]).toEqual([true, since]);
  });

  it('does not end by silence while a switch stands on the gensets, or where no switch is read', () => {
    for (const mute of [false, true]) {
      const { activity, set, poll, silent } = site();
      poll(10 * second);
      set('engine-state', 'running');
      set('ats-a/position', 'source-2');
      poll(minute);
      silent.add('dc/genset-1/engine-state').add('dc/genset-2/engine-state').add('dc/genset-3/engine-state');
      if (mute) for (const { id } of roles.transfers) silent.add(`dc/${id}/position`);
      expect(poll(10 * minute)).toBe(false);
      expect(activity.isActive).toBe(true);
    }
  });
});
