import { nearestName } from '../../core/names.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { Report } from './report.ts';

/** Names within one file: none twice, and none that nothing has. */

export function twice(names: readonly string[], at: (place: number) => Path, report: Report): void {
  for (const [place, name] of names.entries())
    if (names.indexOf(name) < place) report(at(place), { found: `${quote(name)} is named twice`, expected: 'every name once' });
} // prettier-ignore

interface Known {
  readonly valid: Iterable<string>;
  readonly what: string;
  readonly at: Path;
}

export function known(name: string, { valid, what, at }: Known, report: Report): void {
  const names = [...valid];
  if (!names.includes(name))
    report(at, { found: `${quote(name)} is unknown`, expected: what, nearest: nearestName(name, names) });
}
