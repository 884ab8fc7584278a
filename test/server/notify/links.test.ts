import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifyEndpoints } from '../../../server/api/endpoints/notify.ts';
import { acknowledgementView } from '../../../server/contracts/notify.ts';
import { threadOf } from '../../../server/notify/thread.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { closeAll, fakeChannels, points, start, type Sent } from './running.ts';
import { untilPasses, untilPassesInTime } from '../../support/until-passes.ts';

const [t1 = '', , t3 = ''] = points;

afterEach(closeAll);

type Running = Awaited<ReturnType<typeof start>>;

/** The endpoints behind the page that a link opens. */
function links({ notify, incidents }: Pick<Running, 'notify' | 'incidents'>) {
  const all = notifyEndpoints({ notify, incidents, throttle: [] });
  const session = { signIn: () => Promise.resolve(), signOut: () => Promise.resolve() };
  const ask = async (method: 'get' | 'post', token: string, body: unknown = {}) => {
    const endpoint = all.find((each) => each.method === method && each.path === '/acknowledgements/:token');
    const caller = {
      user: undefined,
      session,
      signal: new AbortController().signal,
      incoming: Readable.from([]),
    };
    return acknowledgementView.parse(
      await endpoint?.run({ params: { token }, query: {}, body: method === 'get' ? {} : body }, caller),
    );
  };
  return {
    get: (token: string) => ask('get', token),
    post: (token: string, body?: unknown) => ask('post', token, body),
  };
}

function tokenIn(message: Sent | undefined): string {
  return /akui\/(\S+)/.exec(message?.text ?? '')?.[1] ?? '';
}

async function told(running: Running, count: number): Promise<void> {
  await untilPasses(async () =>
    expect((await running.rows()).filter(({ state }) => state === 'sent')).toHaveLength(count),
  );
}

let path = '';
forEachDatabase('links in messages', (database) => {
  beforeEach(() => {
    path = database.where();
  });

  it('acknowledge once; a second use says so and changes nothing, also after a restart', async () => {
    const sent: Sent[] = [];
    const running = await start(path, fakeChannels(sent).channels);
    running.say({ [t1]: 29 });
    await told(running, 1);
    const token = tokenIn(sent[0]);
    const page = links(running);
    expect(await page.get(token)).toMatchObject({ usedAt: null, incident: { waiting: true } });
    expect(await page.get(token)).toMatchObject({ usedAt: null, incident: { waiting: true } });
    const both = await Promise.allSettled([page.post(token), page.post(token)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const shown = await page.get(token);
    expect(shown).toMatchObject({ incident: { acknowledgedBy: 'andi', waiting: false } });
    expect(shown.usedAt).not.toBeNull();
    // Something new in another incident: the link that was used does not acknowledge it.
    running.say({ [t3]: 29 });
    await expect(page.post(token, { all: true })).rejects.toThrow(/works once/);
    const after = await start(path, fakeChannels([]).channels, running.clock);
    await expect(links(after).post(token, { all: true })).rejects.toThrow(/works once/);
    expect((await after.incidents.list({ state: 'open', limit: 9 })).filter((each) => each.unacknowledged > 0)).toHaveLength(1);
  }); // prettier-ignore

  it('acknowledge all that wait at once', async () => {
    const sent: Sent[] = [];
    const running = await start(path, fakeChannels(sent).channels);
    running.say({ [t1]: 29, [t3]: 29 });
    await untilPasses(async () => {
      await running.clock.advance(61_000);
      expect((await running.rows()).filter(({ state }) => state === 'sent').length).toBeGreaterThan(1);
    });
    const token = tokenIn(sent[0]);
    expect(await links(running).post(token, { all: true })).toMatchObject({ waiting: 0 });
  });

  it('of an incident that is over and forgotten still work once', async () => {
    const sent: Sent[] = [];
    const running = await start(path, fakeChannels(sent).channels);
    running.say({ [t1]: 29 });
    await told(running, 1);
    const token = tokenIn(sent[0]);
    const [incident] = await running.incidents.list({ state: 'open', limit: 1 });
    await running.incidents.acknowledge(incident?.id ?? '', 'budi');
    running.say({ [t1]: 20 });
    await running.clock.advance(61_000);
    await told(running, 2);
    expect((await links(running).post(token)).usedAt).not.toBeNull();
    await expect(links(running).post(token)).rejects.toThrow(/works once/);
  });
});

describe('a storm', () => {
  forEachDatabase('updates its message', (database) => {
    it('in one thread, each update with all that still waits', async () => {
      const sent: Sent[] = [];
      const running = await start(database.where(), fakeChannels(sent).channels);
      running.say({ [t1]: 29 });
      await told(running, 1);
      running.say({ 'dc/vesda/alarm-level': 4 });
      await untilPassesInTime(running.clock, 61_000, () =>
        expect(sent.filter(({ by }) => by === 'telegram').length).toBeGreaterThan(1),
      );
      const [first, ...later] = sent.filter(({ by }) => by === 'telegram');
      const update = later.find(({ subject }) => subject.includes('(+1 gangguan)'));
      expect(first?.thread).toBe(first?.key);
      expect(update?.thread).toBe(first?.key);
      expect(update?.key).not.toBe(first?.key);
    });
  });

  it('that one person has seen is over: the next page begins a thread of its own', () => {
    const row = {
      id: '1', incident: 'a', person: 'p', channel: 'email', kind: 'page', step: 0, created_at: 0, next_at: 0, state: 'sent', attempts: 1,
      sent_at: 0, received_at: null, answer: null, message: 'k', thread: 'k', used_at: null, version: 1,
    } as const; // prettier-ignore
    const next = { ...row, id: '2', incident: 'b', state: 'waiting', message: null, thread: null } as const;
    const known = (unacknowledged: number) => ({ key: 'k2', sent: [row], incidentOf: () => ({ unacknowledged }) }); // prettier-ignore
    expect(threadOf([next], known(0))).toEqual({ thread: 'k2', others: [] });
    expect(threadOf([next], known(1))).toEqual({ thread: 'k', others: [row] });
    expect(threadOf([{ ...next, incident: 'a' }], known(0)).thread).toBe('k');
  });
});
