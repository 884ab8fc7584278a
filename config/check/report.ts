import { defined } from '../../core/defined.ts';
import type { ConfigProblem } from '../problem.ts';
import type { Path, Source } from '../read/source.ts';

interface Finding {
  readonly found: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
}

/** Notes what is wrong at a path of one file. */
export type Report = (path: Path, finding: Finding) => void;

/** A mistake in a row's pattern comes up for every rack of the row: it is told once. */
export function reporter(
  source: Source,
  problems: ConfigProblem[],
  origin: (path: Path) => Path = (path) => path,
): Report {
  const told = new Set<string>();
  return (path, finding) => {
    const at = origin(path);
    const key = JSON.stringify([at, finding.found, finding.expected]);
    if (told.has(key)) return;
    told.add(key);
    problems.push(
      defined({ file: source.file, line: source.line(at), path: source.describe(at), ...finding }),
    );
  };
}
