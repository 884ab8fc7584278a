import { describe, expect, it } from 'vitest';
import { createKeptAnswers } from '../../web/api/kept.ts';
import {
  newNoteKey,
  outboxIn,
  sendWaiting,
  type Sent,
  type WaitingNote,
} from '../../web/incidents/outbox.ts';

function storage(text?: string) {
  const texts = new Map<string, string>(text === undefined ? [] : [['pantau.antrean', text]]);
  return {
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, value: string) => void texts.set(name, value),
  };
}
const note = (id: string): WaitingNote => ({ id, incident: 'i', text: id, at: 1, problem: null });

describe('notes that wait for the network', () => {
  it('outlive the page, oldest first, and are no notes when they cannot be read', () => {
    const browser = storage();
    outboxIn(browser).add(note('a'));
    outboxIn(browser).add(note('b'));
    expect(outboxIn(browser).read().map(({ id }) => id)).toEqual(['a', 'b']); // prettier-ignore
    expect(outboxIn(storage('{"a"')).read()).toEqual([]);
  });
  it('stay, all of them, when the first one does not get through', async () => {
    const outbox = outboxIn(storage());
    for (const id of ['a', 'b']) outbox.add(note(id));
    const tried: string[] = [];
    await sendWaiting(outbox, ({ id }) => {
      tried.push(id);
      return Promise.resolve('unreached');
    });
    expect(tried).toEqual(['a']);
    expect(outbox.read()).toHaveLength(2);
  });
  it('are taken out when they are sent, and kept with the reason when the server refuses them', async () => {
    const outbox = outboxIn(storage());
    for (const id of ['a', 'b', 'c']) outbox.add(note(id));
    const answers: Record<string, Sent> = { a: 'sent', b: { problem: 'too long' }, c: 'sent' };
    await sendWaiting(outbox, ({ id }) => Promise.resolve(answers[id] ?? 'unreached'));
    expect(outbox.read()).toEqual([{ ...note('b'), problem: 'too long' }]);
    const tried: string[] = [];
    await sendWaiting(outbox, ({ id }) => {
      tried.push(id);
      return Promise.resolve('sent');
    });
    expect(tried).toEqual([]);
  });
});

describe('the key of a note', () => {
  it('is another one each time, and needs no secure page', () => {
    const keys = [newNoteKey(), newNoteKey()];
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });
});

describe('answers that were kept', () => {
  it('count by the oldest, until the server itself has answered for each', () => {
    const kept = createKeptAnswers();
    const seen: (number | null)[] = [];
    kept.subscribe(() => seen.push(kept.since()));
    kept.note('sites', 200);
    kept.note('incidents', 100);
    kept.note('incidents', null);
    kept.note('sites', null);
    kept.note('sites', null);
    expect(seen).toEqual([200, 100, 200, null]);
  });
});
