import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkPeople } from '../../config/check/people.ts';
import { peopleSchema } from '../../config/schema/people.ts';

const shipped = readFileSync(new URL('../../config/people.yaml', import.meta.url), 'utf8');

/** What is wrong with people.yaml after a change to its text. */
function problemsWith(written: string, by: string): string[] {
  const text = shipped.replace(written, by);
  if (written !== by && text === shipped) throw new Error(`"${written}" is not in people.yaml`);
  const problems: string[] = [];
  checkPeople(
    peopleSchema.parse(parse(text)),
    { sites: ['dc', 'smart-dc', 'drc'], secrets: undefined },
    (path, { found, expected }) => problems.push(`${path.join('.')}: ${found}; expected ${expected}`),
  );
  return problems;
}

describe('people.yaml', () => {
  it('has no mistakes as it ships', () => expect(problemsWith('', '')).toEqual([]));

  it.each([
    ["from: '15:00', to: '23:00'", "from: '15:00', to: '22:00'", [
      'shifts.times.1.to: "siang" ends at 22:00, and "malam" begins at 23:00; expected shifts that follow one another without a gap or an overlap',
      'shifts.times: covers 23 hours a day; expected 24',
    ]],
    ['malam, malam, off, off]', 'malam, off, off, off]', [
      'shifts.teams: nobody has "malam" on day 2 of the cycle; expected one team for each shift of every day; check cycle and offset',
    ]],
    ['offset: 2 }', 'offset: 1 }', [
      'shifts.teams: "regu-1" or "regu-2" have "pagi" on day 1 of the cycle; expected one team for each shift of every day; check cycle and offset',
    ]],
    ['[pagi, pagi,', '[pagi, sore,', [
      'shifts.cycle.1: "sore" is unknown; expected a shift of times, or "off"',
      'shifts.teams: nobody has "pagi" on day 2 of the cycle; expected one team for each shift of every day; check cycle and offset',
    ]],
    ['members: [hendra, indah]', 'members: [hendra, fajar]', [
      'shifts.teams.1.members.1: "fajar" is in "regu-1" already; expected every person in one team',
    ]],
    ['members: [joko, kartika]', 'members: [joko, nobody]', [
      'shifts.teams.2.members.1: "nobody" is unknown; expected a person of this file',
    ]],
  ] as const)('refuses %s → %s', (written, by, problems) => {
    expect(problemsWith(written, by)).toEqual(problems);
  }); // prettier-ignore

  it('refuses a site whose P1 is told to nobody', () => {
    const text = shipped
      .replace("- layer: utama\n", "- layer: utama\n    sites: [dc]\n")
      .replace("- layer: cadangan\n", "- layer: cadangan\n    sites: [dc, drc]\n")
      .replace("    - { after: 15m, notify: ['person:manajer'], channels: [email] }\n", ''); // prettier-ignore
    const problems: string[] = [];
    checkPeople(
      peopleSchema.parse(parse(text)),
      { sites: ['dc', 'smart-dc', 'drc'], secrets: undefined },
      (path, { found }) => problems.push(`${path.join('.')}: ${found}`),
    );
    expect(problems).toEqual(['escalation.P1: a P1 at "smart-dc" is told to nobody']);
  });
});
