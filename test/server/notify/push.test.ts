import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../config/schema/people.ts';
import { pushEndpoints } from '../../../server/api/endpoints/push.ts';
import { pushInput, pushPage } from '../../../server/contracts/push.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { GiveUp, NoAddress, TryLater, type ChannelDriver } from '../../../server/notify/channel.ts';
import { createPushSetup } from '../../../server/notify/channels.ts';
import { createPushChannel } from '../../../server/notify/push.ts';
import { BrowserForgotten, openSubscriptions } from '../../../server/notify/subscriptions.ts';
import { vapidKeys, vapidSubject } from '../../../server/notify/vapid.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { startPushService, vapidClaims } from './push-service.ts';
import { closeAll, fakeChannels, modelOf, monday, points, start, type Sent } from './running.ts';
import { untilPasses } from '../../support/until-passes.ts';

const [t1 = ''] = points;
const secret = '5a'.repeat(32);
const vapid = { subject: 'mailto:noc@pantau.example', ...vapidKeys(secret) };
const andi = { person: 'andi', name: 'Andi', language: 'id' as const };
const message = {
  key: 'k', thread: 't', subject: 'P1 PLN A padam', text: 'isi', html: 'isi', brief: 'Sejak 10.00', link: 'https://pantau.example/akui/x',
  urgent: true, isNews: true,
}; // prettier-ignore
const never = new AbortController().signal;

let service: Awaited<ReturnType<typeof startPushService>>;
beforeAll(async () => {
  service = await startPushService();
});
afterAll(() => service.close());
afterEach(closeAll);

forEachDatabase('web push', (database) => {
  const opened: { destroy(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.destroy();
  });
  async function open() {
    const db = await openDatabase(database.where());
    opened.push(db);
    const subscriptions = await openSubscriptions(db, () => undefined);
    return { subscriptions, push: createPushChannel({ subscriptions, vapid, now: () => monday }) };
  }

  it('arrives encrypted and signed, and the browser reads it', async () => {
    const { subscriptions, push } = await open();
    await subscriptions.renew('andi', service.subscribe('phone'), monday);
    expect(await push.send(andi, message, never)).toBe('taken for 1 of 1 browsers');
    const last = service.pushed.at(-1);
    expect(last?.payload).toEqual({
      title: 'P1 PLN A padam', body: 'Sejak 10.00', tag: 't', url: 'https://pantau.example/akui/x', renotify: true, urgent: true, lang: 'id',
    }); // prettier-ignore
    expect(last?.headers).toMatchObject({ urgency: 'high', ttl: '14400', 'content-encoding': 'aes128gcm' });
    expect(vapidClaims(last?.headers.authorization)).toMatchObject({
      aud: service.origin,
      sub: 'mailto:noc@pantau.example',
      key: vapid.publicKey,
    });
    expect(subscriptions.of('andi')).toMatchObject([{ sent_at: monday, failure: null }]);
  });

  it('is taken when one browser of several takes it, and keeps a long text below the limit', async () => {
    const { subscriptions, push } = await open();
    await subscriptions.renew('andi', service.subscribe('broken', 503), monday);
    await subscriptions.renew('andi', service.subscribe('desk'), monday);
    const long = { ...message, subject: '火'.repeat(400), brief: '火'.repeat(4_000) };
    expect(await push.send(andi, long, never)).toBe('taken for 1 of 2 browsers');
    expect(Number(service.pushed.at(-1)?.headers['content-length'])).toBeLessThan(4_096);
    expect(subscriptions.of('andi').map(({ device, failure }) => [device, failure === null])).toEqual([['broken', false], ['desk', true]]); // prettier-ignore
  });

  it.each([
    [410, NoAddress],
    [404, NoAddress],
    [503, TryLater],
    [429, TryLater],
    [403, GiveUp],
  ])('that is answered with %i is refused as %o', async (status, kind) => {
    const { subscriptions, push } = await open();
    await subscriptions.renew('andi', service.subscribe(`b${status}`, status), monday);
    await expect(push.send(andi, message, never)).rejects.toThrow(kind);
  });

  it('ends a browser that the push service has forgotten, which must subscribe again; restarts know', async () => {
    const { subscriptions, push } = await open();
    const old = service.subscribe('old', 410);
    await subscriptions.renew('andi', old, monday);
    await expect(push.send(andi, message, never)).rejects.toThrow(/forgotten/);
    expect(subscriptions.of('andi')).toEqual([]);
    await subscriptions.settled();
    const after = await open();
    await expect(after.subscriptions.renew('andi', old, monday)).rejects.toThrow(BrowserForgotten);
    await after.subscriptions.renew('andi', service.subscribe('new'), monday);
    expect((await open()).subscriptions.of('andi')).toMatchObject([{ device: 'new' }]);
  });

  it('belongs to whoever opened a page there last, and ends when that person ends it', async () => {
    const { subscriptions } = await open();
    const shared = service.subscribe('shared');
    await subscriptions.renew('andi', shared, monday);
    const { id } = await subscriptions.renew('budi', shared, monday + 1);
    expect(subscriptions.of('andi')).toEqual([]);
    expect(subscriptions.end(id, { person: 'andi', at: monday, why: 'x' })).toBe(false);
    expect(subscriptions.end(id, { person: 'budi', at: monday, why: 'x' })).toBe(true);
    expect(subscriptions.of('budi')).toEqual([]);
  });

  it('hands a page over to the next channel at once when no browser takes it', async () => {
    const { subscriptions, push } = await open();
    await subscriptions.renew('andi', service.subscribe('gone', 410), monday);
    const sent: Sent[] = [];
    const { channels } = fakeChannels(sent);
    const running = await start(database.where(), new Map<Channel, ChannelDriver>([...channels, ['telegram', push]])); // prettier-ignore
    running.say({ [t1]: 29 });
    await untilPasses(() => expect(sent).toMatchObject([{ to: 'andi', by: 'email' }]));
    // A browser that is gone is nothing wrong with the channel.
    expect(running.notify.problem()).toBeUndefined();
  });

  describe('endpoints', () => {
    let subscriptions: Awaited<ReturnType<typeof openSubscriptions>>;
    beforeEach(async () => {
      ({ subscriptions } = await open());
    });
    function ask(publicUrl: string, user: string) {
      const model = modelOf();
      const clock = { now: () => monday };
      const push = createPushSetup({ people: model.people, publicUrl, subscriptions, secret, clock });
      const all = pushEndpoints({ model, push, clock });
      return (method: string, path: string, raw: { params?: unknown; body?: unknown } = {}) =>
        all
          .find((each) => each.method === method && each.path === path)
          ?.run(
            { params: {}, query: {}, body: {}, ...raw },
            {
              user: { name: user, role: 'viewer', by: 'session' },
              session: { signIn: () => Promise.resolve(), signOut: () => Promise.resolve() },
              signal: never,
              incoming: Readable.from([]),
            },
          );
    }
    const body = () => ({
      endpoint: 'https://push.example/abc',
      keys: { p256dh: service.subscribe('x').p256dh, auth: service.subscribe('x').auth },
      device: 'Chrome, Android',
    });

    it('list, add and end the browsers of whoever is signed in, and nobody else', async () => {
      const mine = ask('https://pantau.example', 'andi');
      await mine('post', '/push/browsers', { body: body() });
      const page = pushPage.parse(await mine('get', '/push'));
      expect(page).toMatchObject({
        off: null,
        person: 'andi',
        browsers: [{ device: 'Chrome, Android' }],
      });
      const id = page.browsers[0]?.id ?? '';
      await expect(ask('https://pantau.example', 'budi')('delete', '/push/browsers/:id', { params: { id } })).rejects.toThrow(/no browser/); // prettier-ignore
      await mine('delete', '/push/browsers/:id', { params: { id } });
      expect(pushPage.parse(await mine('get', '/push')).browsers).toEqual([]);
    });

    it('say what is missing', async () => {
      expect(pushPage.parse(await ask('http://127.0.0.1:8080', 'andi')('get', '/push')).off).toBe('no-contact'); // prettier-ignore
      await expect(ask('https://pantau.example', 'admin')('post', '/push/browsers', { body: body() })).rejects.toThrow(/people\.yaml/); // prettier-ignore
    });
  });
});

it.each([
  ['http://push.example/a', 'https'],
  ['https://127.0.0.1/a', 'https'],
  ['https://localhost/a', 'https'],
])('an address such as %s is no push service', (endpoint) => {
  const keys = { p256dh: vapid.publicKey, auth: 'AAAAAAAAAAAAAAAAAAAAAA' };
  expect(pushInput.safeParse({ endpoint: 'https://push.example/a', keys, device: 'x' }).success).toBe(true);
  expect(pushInput.safeParse({ endpoint, keys, device: 'x' }).success).toBe(false);
  const short = { ...keys, auth: 'AAAA' };
  expect(pushInput.safeParse({ endpoint: 'https://push.example/a', keys: short, device: 'x' }).success).toBe(
    false,
  );
});

it.each([
  ['https://pantau.example', undefined, 'https://pantau.example'],
  ['http://127.0.0.1:8080', 'noc@kementerian.go.id', 'mailto:noc@kementerian.go.id'],
  ['https://localhost', undefined, undefined],
  ['https://10.1.2.3', undefined, undefined],
  ['http://pantau.example', undefined, undefined],
])('the address for push services at %s with contact %s is %s', (url, contact, subject) => {
  expect(vapidSubject(url, contact)).toBe(subject);
});
