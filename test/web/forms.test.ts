import { describe, expect, it } from 'vitest';
import { check, fieldErrors, newDraft } from '../../web/access/draft.ts';

const filled = {
  ...newDraft('dc', Date.UTC(2026, 10, 23, 2, 10)),
  unit: 'Biro TI', pic: 'Sari', activity: 'Ganti disk', superiorEmail: 'atasan@kemenkeu.go.id',
  persons: [{ key: 1, name: 'Budi', identity: '1985', party: 'employee' as const }],
}; // prettier-ignore

describe('access ticket', () => {
  it('begins at the next full hour in WIB', () => {
    expect(newDraft('dc', Date.UTC(2026, 10, 23, 2, 10))).toMatchObject({
      from: '2026-11-23T10:00',
      to: '2026-11-23T12:00',
    });
  });
  it('is sent with times of WIB when it is complete', () => {
    expect(check(filled)).toMatchObject({ input: { from: '2026-11-23T10:00:00+07:00', rooms: [] } });
  });
  it('names every field that is missing', () => {
    const checked = check({
      ...filled,
      unit: '',
      persons: [{ key: 1, name: '', identity: '1', party: 'employee' }],
      superiorEmail: 'atasan',
    });
    expect('errors' in checked ? Object.keys(checked.errors).sort() : []).toEqual([
      'persons.0.name',
      'superiorEmail',
      'unit',
    ]);
  });
  it('is refused when it ends before it begins', () => {
    expect(check({ ...filled, to: filled.from })).toMatchObject({
      errors: { to: expect.stringContaining('after') },
    });
  });
  it('puts what the server says at the same fields', () => {
    expect(fieldErrors([{ path: 'body.persons[0].name', message: 'too long' }])).toEqual({
      'persons.0.name': 'too long',
    });
  });
});
