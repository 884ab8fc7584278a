import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { GiveUp } from '../../../server/notify/channel.ts';
import { closeAll, fakeChannels, monday, points, start, type Sent } from '../notify/running.ts';
import { untilPasses } from '../../support/until-passes.ts';

const [t1 = ''] = points;
const minute = 60_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-sla-'));
});
afterEach(closeAll);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the person on call is told when three quarters of the time are used, and everybody of the escalation when it is over', async () => {
  const sent: Sent[] = [];
  const path = join(folder, 'operations.db');
  const running = await start(path, fakeChannels(sent).channels);
  running.say({ [t1]: 29 });
  await untilPasses(async () => expect((await running.rows())[0]?.state).toBe('sent'));
  const [incident] = await running.incidents.list({ state: 'open', limit: 1 });
  // What was acknowledged is still due.
  await running.incidents.acknowledge(incident?.id ?? '', 'andi');
  const kinds = async (): Promise<string[]> =>
    (await running.rows()).map(({ kind, person, channel }) => `${kind} ${person} ${channel}`).toSorted();

  running.clock.step(monday + 135 * minute - running.clock.now());
  // One message a minute a person and channel.
  await running.wait(62);
  await untilPasses(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ to: 'andi', by: 'telegram' });
  expect(sent[1]?.subject).toMatch(/^Batas waktu hampir habis: P1 /);

  running.clock.step(45 * minute);
  await running.wait(62);
  await untilPasses(() => expect(sent).toHaveLength(4));
  expect(sent.find(({ to }) => to === 'budi')?.subject).toMatch(/^Overdue: P1 /);
  // Those of one moment have no order.
  // The fake clock outruns the disk, and a page does not wait for a disk that hangs: the rows may follow.
  await untilPasses(async () =>
    expect(await kinds()).toEqual([
      'page andi telegram',
      'sla-breach andi telegram',
      'sla-breach budi email',
      'sla-warning andi telegram',
    ]),
  );
  await running.wait(5);
  expect(sent).toHaveLength(4);
});

it('what a channel refuses for good goes to the next one of the person', async () => {
  const sent: Sent[] = [];
  const { channels, faults } = fakeChannels(sent);
  const running = await start(join(folder, 'refused.db'), channels);
  running.say({ [t1]: 29 });
  await untilPasses(async () => expect((await running.rows())[0]?.state).toBe('sent'));
  const [incident] = await running.incidents.list({ state: 'open', limit: 1 });
  await running.incidents.acknowledge(incident?.id ?? '', 'andi');
  faults.set('telegram', () => new GiveUp('chat not found'));
  running.clock.step(monday + 135 * minute - running.clock.now());
  await running.wait(62);
  await untilPasses(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ to: 'andi', by: 'email' });
  expect(sent[1]?.subject).toMatch(/^Batas waktu hampir habis: P1 /);
});
