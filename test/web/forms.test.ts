import { describe, expect, it } from 'vitest';
import { sessionInput } from '../../server/contracts/system.ts';
import { draftSchema, fieldPath, keptDraft, newDraft, type Draft } from '../../web/access/draft.ts';
import { ApiError } from '../../web/api/client.ts';
import { whyKey } from '../../web/api/why.ts';
import { draftIn } from '../../web/app/draft.ts';
import { mistakeKey } from '../../web/parts/field-error.ts';
import english from '../../web/i18n/en.json' with { type: 'json' };
import indonesian from '../../web/i18n/id.json' with { type: 'json' };

const filled: Draft = {
  ...newDraft('dc', Date.UTC(2026, 10, 23, 2, 10)),
  unit: 'Biro TI', pic: 'Sari', activity: 'Ganti disk', superiorEmail: 'atasan@kemenkeu.go.id',
  persons: [{ name: 'Budi', identity: '1985', party: 'employee' }],
}; // prettier-ignore
/** Field → key of the text beside it. */
const mistakes = (draft: Draft): Record<string, string> =>
  Object.fromEntries(
    (draftSchema.safeParse(draft).error?.issues ?? []).map(({ path, code }) => [
      path.join('.'),
      mistakeKey(path.join('.'), code),
    ]),
  );

describe('access ticket', () => {
  it('begins at the next full hour in WIB', () => {
    expect(newDraft('dc', Date.UTC(2026, 10, 23, 2, 10))).toMatchObject({
      from: '2026-11-23T10:00',
      to: '2026-11-23T12:00',
    });
  });
  it('is sent with times of WIB when it is complete', () => {
    expect(draftSchema.parse(filled)).toMatchObject({ from: '2026-11-23T10:00:00+07:00', rooms: [] });
  });
  it('names every field that is missing', () => {
    expect(
      mistakes({
        ...filled,
        unit: '',
        persons: [{ name: '', identity: '1', party: 'employee' }],
        superiorEmail: 'atasan',
      }),
    ).toEqual({
      'persons.0.name': 'form.required',
      superiorEmail: 'form.email',
      unit: 'form.required',
    });
  });
  it('is refused when it ends before it begins', () => {
    expect(mistakes({ ...filled, to: filled.from })).toEqual({ to: 'form.order' });
    expect(english.form.order).toContain('after');
  });
  it('asks for a time when the field is empty, and for less text when it is too long', () => {
    expect(mistakes({ ...filled, from: '' })).toEqual({ from: 'form.time' });
    expect(mistakes({ ...filled, activity: 'x'.repeat(2_001) })).toEqual({ activity: 'form.tooLong' });
  });
  it('puts what the server says at the same fields', () => {
    expect(fieldPath('body.persons[0].name')).toBe('persons.0.name');
    expect(mistakeKey(fieldPath('body.rooms'), 'server')).toBe('form.rooms');
    expect(mistakeKey(fieldPath('body.accompanied'), 'server')).toBe('form.escort');
  });
});

describe('what was typed', () => {
  it('is there again after the page was left, as long as the form has the same fields', () => {
    expect(keptDraft(JSON.stringify(filled))).toEqual(filled);
    expect(keptDraft('')).toBeUndefined();
    expect(keptDraft('{"unit":"Biro TI"}')).toBeUndefined();
  });
  it('is kept by its key until it is set to nothing', () => {
    const store = new Map<string, string>();
    const storage = {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, text: string) => void store.set(key, text),
      removeItem: (key: string) => void store.delete(key),
    };
    const note = draftIn(storage, 'catatan.i1');
    note.write('Asap tipis');
    expect(draftIn(storage, 'catatan.i1').read()).toBe('Asap tipis');
    expect(draftIn(storage, 'catatan.i2').read()).toBe('');
    note.write('');
    expect(store.size).toBe(0);
  });
});

describe('why a request failed', () => {
  it.each([
    [0, 'offline'],
    [401, 'signedOut'],
    [403, 'forbidden'],
    [404, 'missing'],
    [409, 'refused'],
    [429, 'busy'],
    [500, 'server'],
    [503, 'busy'],
  ] as const)('is said in the language of the page for status %i', (status, key) => {
    expect(whyKey(new ApiError(status, null))).toBe(key);
    expect(Object.keys(indonesian.error)).toContain(key);
    expect(Object.keys(english.error)).toContain(key);
  });
});

describe('texts of forms', () => {
  it('are ours in both languages, whatever the kind of mistake', () => {
    const codes = ['invalid_type', 'too_small', 'too_big', 'invalid_format', 'unrecognized_keys', 'custom', 'server']; // prettier-ignore
    const paths = [...Object.keys(filled), 'persons.0.name', ...Object.keys(sessionInput.shape)];
    for (const path of paths)
      for (const code of codes) {
        const key = mistakeKey(path, code).replace(/^form\./, '');
        expect(Object.keys(english.form), `${path} ${code}`).toContain(key);
        expect(Object.keys(indonesian.form), `${path} ${code}`).toContain(key);
      }
  });
});
