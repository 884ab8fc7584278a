import { SMTPServer } from 'smtp-server';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../config/schema/people.ts';
import { GiveUp, TryLater, type ChannelDriver } from '../../../server/notify/channel.ts';
import { createEmailChannel } from '../../../server/notify/email.ts';
import { urgencyOf } from '../../../server/notify/service.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { RuleInput } from '../alarms/small-model.ts';
import type { ReadNow } from '../../../server/incidents/situation.ts';
import { closeAll, fakeChannels, modelOf, points, start, type Sent } from './running.ts';
import { untilPasses } from '../../support/until-passes.ts';

const [t1 = '', , t3 = ''] = points;

afterEach(closeAll);

let path = '';
forEachDatabase('paging', (database) => {
  beforeEach(() => {
    path = database.where();
  });

  describe('an incident', () => {
    it('is told to whoever is on call, by the first channel, with value, first action and a link', async () => {
      const sent: Sent[] = [];
      const running = await start(path, fakeChannels(sent).channels);
      running.say({ [t1]: 29 });
      await untilPasses(() => expect(sent).toHaveLength(1));
      expect(sent[0]).toMatchObject({ to: 'andi', by: 'telegram', urgent: true });
      expect(sent[0]?.subject).toMatch(/^P1 /);
      expect(sent[0]?.text).toMatch(/Tindakan pertama: Periksa PAC/);
      expect(sent[0]?.text).toMatch(/https:\/\/pantau\.example\/akui\/\S+~\S+/);
      await untilPasses(async () => expect(await running.rows()).toMatchObject([{ state: 'sent', person: 'andi' }])); // prettier-ignore
    });

    it('is told to the next channel after a minute, and to the next person after five, until somebody acknowledges', async () => {
      const sent: Sent[] = [];
      const running = await start(path, fakeChannels(sent).channels);
      running.say({ [t1]: 29 });
      await untilPasses(() => expect(sent).toHaveLength(1));
      await untilPasses(async () => expect((await running.rows())[0]?.state).toBe('sent'));
      await running.wait(62);
      await untilPasses(() => expect(sent.map(({ to, by }) => `${to} ${by}`)).toEqual(['andi telegram', 'andi email'])); // prettier-ignore
      await running.wait(240);
      await untilPasses(() => expect(sent.at(-1)).toMatchObject({ to: 'budi', by: 'email' }));
      expect(sent.at(-1)?.text).toMatch(/First action: Check the PACs/);
      const [incident] = await running.incidents.list({ state: 'open', limit: 1 });
      await running.incidents.acknowledge(incident?.id ?? '', 'andi');
      const before = sent.length;
      await running.wait(1_200);
      expect(sent).toHaveLength(before);
    });

    it('is told to be over only to those who were told of it', async () => {
      const sent: Sent[] = [];
      const running = await start(path, fakeChannels(sent).channels);
      running.say({ [t1]: 29 });
      await untilPasses(async () => expect((await running.rows())[0]?.state).toBe('sent'));
      await running.clock.advance(61_000);
      running.say({ [t1]: 20 });
      await untilPasses(() => expect(sent).toHaveLength(2));
      expect(sent[1]).toMatchObject({ to: 'andi', by: 'telegram', urgent: false });
      expect(sent[1]?.subject).toMatch(/; sudah pulih$/);
    });

    it('is acknowledged by the link in its message once, and a wrong link says nothing', async () => {
      const sent: Sent[] = [];
      const running = await start(path, fakeChannels(sent).channels);
      running.say({ [t1]: 29 });
      await untilPasses(async () => expect((await running.rows())[0]?.state).toBe('sent'));
      const token = /akui\/(\S+)/.exec(sent[0]?.text ?? '')?.[1] ?? '';
      const found = await running.notify.read(token);
      expect(found).toMatchObject({ person: 'Andi', user: 'andi', expired: false });
      expect(found?.waiting).toHaveLength(1);
      expect(await running.notify.read(`${token}x`)).toBeUndefined();
      expect(await running.notify.read('x')).toBeUndefined();
      await running.clock.advance(73 * 3_600_000);
      expect(await running.notify.read(token)).toMatchObject({ expired: true });
    });
  });

  describe('a UPS on battery', () => {
    const low = { rule: 'battery-low', name: { id: 'Baterai hampir habis', en: 'Battery low' }, title: { id: 'Baterai {things} hampir habis, {where}', en: 'Battery of {things} nearly empty, {where}' }, discipline: 'power', effect: 'battery-low', points: { quantity: ['battery-low'] }, when: { states: ['low'], source: 'test' }, urgency: 'tinggi', offDelay: '60s', pagesAtOnce: true } as const satisfies RuleInput; // prettier-ignore
    const onBattery = { ...low, rule: 'on-battery', title: { id: '{things} memakai baterai di {where}', en: '{things} on battery in {where}' }, effect: 'on-battery', points: { quantity: ['output-source'] }, when: { states: ['battery'], source: 'test' }, gather: 'device', offDelay: '0s', pagesAtOnce: false } as const satisfies RuleInput; // prettier-ignore
    const states = (name: string) => ({ unit: 'state', states: new Map([[0, 'normal'], [1, name]]), kind: 'ups' }) as const; // prettier-ignore
    const model = modelOf([onBattery, low], [
      { id: 'dc/ups-1/output-source', quantity: 'output-source', ...states('battery') },
      { id: 'dc/ups-1/battery-low', quantity: 'battery-low', ...states('low') },
      { id: 'dc/ups-1/autonomy', quantity: 'autonomy', unit: 's', kind: 'ups' },
    ]); // prettier-ignore

    it('that runs out is an incident of its own: it pages at once although the first one was acknowledged a moment ago, once, and says how long is left', async () => {
      const sent: Sent[] = [];
      const readNow: ReadNow = ({ quantity }) => (quantity === 'autonomy' ? 180 : null);
      const running = await start(path, fakeChannels(sent).channels, undefined, { model, readNow });
      running.say({ 'dc/ups-1/output-source': 1 });
      await untilPasses(() => expect(sent).toHaveLength(1));
      const [incident] = await running.incidents.list({ state: 'open', limit: 2 });
      await running.incidents.acknowledge(incident?.id ?? '', 'andi');
      running.say({ 'dc/ups-1/battery-low': 1 });
      await untilPasses(() => expect(sent).toHaveLength(2));
      expect(sent[1]).toMatchObject({ to: 'andi', by: 'telegram', urgent: true });
      expect(sent[1]?.subject).toMatch(/^P1 Baterai .* hampir habis, .*; sisa 3 mnt/);
      const open = await running.incidents.list({ state: 'open', limit: 3 });
      expect(open.map(({ rule, priority }) => `${rule} ${priority}`).sort()).toEqual([
        'battery-low P1',
        'on-battery P1',
      ]);
      await running.incidents.acknowledge(open.find(({ rule }) => rule === 'battery-low')?.id ?? '', 'andi');
      running.say({ 'dc/ups-1/battery-low': 0 });
      running.say({ 'dc/ups-1/battery-low': 1 });
      await running.wait(30);
      expect(sent).toHaveLength(2);
    });
  });

  describe('a channel', () => {
    it('that fails for a while is tried again, and nothing is lost or doubled', async () => {
      const sent: Sent[] = [];
      const { channels, faults } = fakeChannels(sent);
      faults.set('telegram', () => new TryLater('451 try later'));
      const running = await start(path, channels);
      running.say({ [t1]: 29 });
      await untilPasses(async () => expect((await running.rows())[0]?.attempts).toBe(1));
      expect(running.notify.problem()).toMatch(/telegram: 451/);
      faults.clear();
      await running.wait(10);
      await untilPasses(() => expect(sent).toHaveLength(1));
      await untilPasses(() => expect(running.notify.problem()).toBeUndefined());
    });

    it('is followed by the next one in a minute although the clock is set back by an hour', async () => {
      const sent: Sent[] = [];
      const running = await start(path, fakeChannels(sent).channels);
      running.say({ [t1]: 29 });
      await untilPasses(async () => expect((await running.rows())[0]?.state).toBe('sent'));
      running.clock.step(-3_600_000);
      await running.wait(62);
      await untilPasses(() => expect(sent.map(({ by }) => by)).toEqual(['telegram', 'email']));
    });

    it('that refuses one message of several sends the others', async () => {
      const sent: Sent[] = [];
      const { channels } = fakeChannels(sent);
      const picky: ChannelDriver = {
        send(person, message) {
          if (message.text.includes('FIRE') || message.text.includes('Kebakaran'))
            return Promise.reject(new GiveUp('message too large'));
          sent.push({ ...message, to: person.person, by: 'telegram' });
          return Promise.resolve('accepted');
        },
        close: () => undefined,
      };
      const running = await start(path, new Map<Channel, ChannelDriver>([...channels, ['telegram', picky]]));
      running.say({ [t1]: 29, 'dc/vesda/alarm-level': 4 });
      await running.wait(3);
      await untilPasses(() => expect(sent.filter(({ by }) => by === 'telegram')).toHaveLength(1));
      await untilPasses(async () => expect((await running.rows()).some(({ state, channel }) => state === 'failed' && channel === 'telegram')).toBe(true)); // prettier-ignore
    });

    it('that refuses for good hands over to the next one at once', async () => {
      const sent: Sent[] = [];
      const { channels, faults } = fakeChannels(sent);
      faults.set('telegram', () => new GiveUp('chat not found'));
      const running = await start(path, channels);
      running.say({ [t1]: 29 });
      await untilPasses(() => expect(sent).toMatchObject([{ to: 'andi', by: 'email' }]));
    });
  });

  it('does not wait for the answer of somebody who cannot be reached at all: the next person is told at once', async () => {
    const sent: Sent[] = [];
    const { channels, faults } = fakeChannels(sent);
    faults.set('telegram', () => new GiveUp('chat not found'));
    const email = channels.get('email');
    const picky: ChannelDriver = {
      send: (to, message, signal) =>
        to.person === 'andi' || email === undefined
          ? Promise.reject(new GiveUp('550 no such user'))
          : email.send(to, message, signal),
      close: () => undefined,
    };
    const running = await start(path, new Map<Channel, ChannelDriver>([...channels, ['email', picky]]));
    running.say({ [t1]: 29 });
    await untilPasses(() => expect(sent).toMatchObject([{ to: 'budi', by: 'email' }]));
    // Of the two steps none is left; budi is told once, and again when the last step is repeated.
    await running.wait(310);
    expect(sent).toHaveLength(1);
  });

  it('tells of a second fire at once, although a message went out a moment ago', async () => {
    const sent: Sent[] = [];
    const running = await start(path, fakeChannels(sent).channels);
    running.say({ 'dc/vesda/alarm-level': 4 });
    await running.wait(3);
    await untilPasses(() => expect(sent).toHaveLength(1));
    running.say({ 'smart-dc/vesda/alarm-level': 4 });
    await running.wait(3);
    await untilPasses(() => expect(sent).toHaveLength(2));
  });

  it('sends nothing again after a restart, and what was not sent before', async () => {
    const sent: Sent[] = [];
    const { channels, faults } = fakeChannels(sent);
    const before = await start(path, channels);
    before.say({ [t1]: 29 });
    await untilPasses(async () => expect((await before.rows())[0]?.state).toBe('sent'));
    faults.set('email', () => new TryLater('away'));
    faults.set('telegram', () => new TryLater('away'));
    before.say({ [t3]: 29 });
    await untilPasses(async () => expect((await before.rows()).at(-1)?.attempts).toBeGreaterThan(0));
    faults.clear();
    const after = await start(path, channels, before.clock);
    await after.wait(2);
    await untilPasses(() => expect(sent.length).toBeGreaterThan(1));
    await after.wait(20);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
    expect(sent).toHaveLength(2);
  });

  it('folds a storm into one message a person', async () => {
    const sent: Sent[] = [];
    const { channels } = fakeChannels(sent);
    const running = await start(path, channels);
    running.say({ [t1]: 29, [t3]: 29, 'dc/vesda/alarm-level': 4 });
    await untilPasses(() => expect(sent.length).toBeGreaterThan(0));
    await running.wait(5);
    expect(sent.filter(({ to }) => to === 'andi').length).toBeLessThanOrEqual(2);
  });
});

it('a fire that grows to P1 is more urgent than the P2 that was told before it', () => {
  const ranked = [
    urgencyOf('page', { priority: 'P1', life_safety: 1 }),
    urgencyOf('page', { priority: 'P1', life_safety: 0 }),
    urgencyOf('page', { priority: 'P2', life_safety: 1 }),
    urgencyOf('page', { priority: 'P5', life_safety: 0 }),
    urgencyOf('recovery', { priority: 'P1', life_safety: 1 }),
  ];
  expect(ranked).toEqual([...new Set(ranked)].toSorted((a, b) => a - b));
});

describe('mail', () => {
  it('arrives at a real SMTP server with a stable Message-ID, and a name cannot start another header', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          mails.push(text);
          done(text.includes('tolak') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : undefined);
        });
      },
    }); // prettier-ignore
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const email = createEmailChannel({ url: `smtp://127.0.0.1:${port}`, from: 'Pantau <pantau@pantau.example>', domain: 'pantau.example' }); // prettier-ignore
    const person = { person: 'a', name: 'Andi\r\nBcc: x@y.example', language: 'id' as const, email: 'andi@pantau.example' }; // prettier-ignore
    const message = {
      key: 'k1',
      subject: 'P1 PLN A\r\nX-Evil: 1',
      text: 'isi',
      html: '<p>isi</p>',
      brief: 'isi',
      thread: 'k1',
      link: 'https://x',
      urgent: true,
      isNews: true,
    };
    const { signal } = new AbortController();
    try {
      await email.send(person, message, signal);
      expect(mails[0]).toMatch(/Message-ID: <k1@pantau\.example>/i);
      expect(mails[0]).not.toMatch(/^(Bcc|X-Evil|References):/im);
      expect(mails[0]).toMatch(/Content-Type: text\/html/);
      await email.send(person, { ...message, key: 'k2' }, signal);
      expect(mails[1]).toMatch(/In-Reply-To: <k1@pantau\.example>/i);
      expect(mails[1]).toMatch(/References: <k1@pantau\.example>/i);
      await expect(email.send(person, { ...message, text: 'tolak' }, signal)).rejects.toThrow(GiveUp);
    } finally {
      email.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
    await expect(email.send(person, message, signal)).rejects.toThrow(TryLater);
  });

  it('waits for a server that refuses the sign-in, and lets go of one that never ends its answer', async () => {
    const person = { person: 'a', name: 'Andi', language: 'id' as const, email: 'andi@pantau.example' };
    const message = { key: 'k1', thread: 'k1', subject: 's', text: 't', html: 't', brief: 't', link: 'https://x', urgent: false, isNews: true }; // prettier-ignore
    const answering = async (
      answer: (socket: Socket) => void,
      send: (email: ChannelDriver) => Promise<unknown>,
    ): Promise<void> => {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket.on('error', () => undefined));
        answer(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const email = createEmailChannel({ url: `smtp://127.0.0.1:${port}`, from: 'p@pantau.example', domain: 'pantau.example' }); // prettier-ignore
      try {
        await expect(send(email)).rejects.toThrow(TryLater);
      } finally {
        email.close();
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      }
    };
    await answering(
      (socket) => socket.end('554 come back later\r\n'),
      (email) => email.send(person, message, new AbortController().signal),
    );
    await answering(
      (socket) => void socket.write('220-hold on\r\n'),
      (email) => email.send(person, message, AbortSignal.timeout(300)),
    );
  });
});
