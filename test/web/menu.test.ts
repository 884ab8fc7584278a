import { describe, expect, it } from 'vitest';
import { roles, type Role } from '../../server/contracts/common.ts';
import { menuFor } from '../../web/app/pages.ts';
import english from '../../web/i18n/en.json' with { type: 'json' };
import indonesian from '../../web/i18n/id.json' with { type: 'json' };

const as = (role: Role) => (needed: Role) => roles.indexOf(role) >= roles.indexOf(needed);
const offered = (role: Role, simulated = true): string[] =>
  menuFor(as(role), simulated).flatMap(({ pages }) => pages.map(({ to }) => to));

describe('menu', () => {
  it('offers no page that the role is refused', () => {
    expect(offered('wall')).toContain('/gangguan');
    expect(offered('wall')).not.toContain('/akses');
    expect(offered('viewer')).toContain('/akses');
    expect(offered('viewer')).not.toContain('/latihan');
    expect(offered('operator')).toContain('/latihan');
  });
  it('has no drills when the field is real', () => {
    expect(offered('admin', false)).not.toContain('/latihan');
  });
  it('has no group without a page', () => {
    expect(menuFor(as('wall'), false).filter(({ pages }) => pages.length === 0)).toEqual([]);
  });
  it('names every page and group in both languages', () => {
    for (const texts of [indonesian, english])
      for (const { group, pages } of menuFor(as('admin'), true)) {
        expect(Object.keys(texts.menu)).toContain(group);
        for (const { text } of pages) expect(Object.keys(texts.page)).toContain(text);
      }
  });
});
