import { nearestName } from '../../core/names.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import { rangeOf } from '../schema/ranges.ts';
import type { SnmpProfile, TrapEntry } from '../schema/profile.ts';
import type { Report } from './report.ts';

type Table = SnmpProfile['tables'][number];
type Value = SnmpProfile['points'][number] | Table['points'][number];
type TrapSet = TrapEntry['sets'][number];

interface Target {
  readonly value: Value;
  /** Pattern of the parts' names, where it belongs to parts. */
  readonly pattern?: string | undefined;
}

/** What traps set must be a value of the profile that a trap alone can determine. */
export function checkTraps(profile: SnmpProfile, report: Report): void {
  const targets = new Map<string, Target>([
    ...profile.points.map((value) => [value.quantity, { value, pattern: value.part }] as const),
    ...profile.tables.flatMap(({ part, points }) =>
      points.map((value) => [value.quantity, { value, pattern: part }] as const),
    ),
  ]);
  for (const [index, { sets }] of profile.traps.entries())
    for (const [at, each] of sets.entries()) {
      const path = ['traps', index, 'sets', at];
      const target = targets.get(each.quantity);
      if (target === undefined)
        report([...path, 'quantity'], {
          found: `${quote(each.quantity)} is unknown`,
          expected: 'a quantity of this profile',
          nearest: nearestName(each.quantity, targets.keys()),
        });
      else checkSet(each, target, { path, report });
    }
}

function checkSet(each: TrapSet, target: Target, at: { readonly path: Path; readonly report: Report }): void {
  const { value } = target;
  const needsCells = value.scaleCells.length > 0 || ('from' in each && value.statusCell !== undefined);
  if (needsCells || value.counter !== undefined)
    at.report([...at.path, 'quantity'], {
      found: `${quote(value.quantity)} cannot be told by a trap alone`,
      expected: 'a quantity that is no counter and needs no other cell (scaleCells, statusCell)',
    });
  if ('value' in each && value.states !== undefined && !hasKey(value.states, each.value))
    at.report([...at.path, 'value'], {
      found: `${quote(each.value)} is no state of ${quote(value.quantity)}`,
      expected: `one of ${Object.keys(value.states).map(quote).join(', ')}`,
    });
  checkPart(each, target.pattern, at);
}

function checkPart(
  each: TrapSet,
  pattern: string | undefined,
  { path, report }: { readonly path: Path; readonly report: Report },
): void {
  if (pattern === undefined) {
    for (const key of ['part', 'row'] as const)
      if (each[key] !== undefined)
        report([...path, key], {
          found: 'is not allowed',
          expected: `no ${key}, since the quantity has no parts`,
        });
    return;
  }
  if (each.part !== undefined && each.row !== undefined)
    report([...path, 'row'], { found: 'is not allowed', expected: 'no row, since the part is named' });
  const holders = each.row === undefined ? /\{(?!index[.}])/ : /\{(?!(?:index|name)[.}])/;
  const isTold = (each.row !== undefined || 'from' in each) && !holders.test(pattern);
  if (each.part === undefined && !isTold)
    report([...path, 'part'], {
      found: 'is missing',
      expected:
        'the name of a part, unless the parts are named by {index} (or {name}) and a varbind tells it (from, row)',
    });
}

function hasKey(states: object, raw: number | string): boolean {
  return (
    Object.hasOwn(states, String(raw)) || (typeof raw === 'number' && rangeOf(states, raw) !== undefined)
  );
}
