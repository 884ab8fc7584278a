import type { Format } from '../../domain/format/format.ts';
import { loadTestTexts, thingsText, unitWord } from '../../domain/wording/load-test.ts';
import type { LoadTestView } from '../../server/contracts/load-test-document.ts';

type Criterion = LoadTestView['criteria'][number];

const signs = { least: '≥ ', most: '≤ ', within: '± ' } as const;

function written({ unit }: Criterion, value: number, format: Format): string {
  return `${format.number(value, unit === 'count' || unit === 'kW' ? 0 : 1)} ${unitWord(unit, format.language)}`.trim();
} // prettier-ignore

export function valueOf(criterion: Criterion, format: Format): string {
  return criterion.value === null ? '–' : written(criterion, criterion.value, format);
}

/** Between which values the true one lies; null: they are not told apart, or are not known. */
export function boundsOf(criterion: Criterion, format: Format): string | null {
  if (criterion.least === null || criterion.most === null) return null;
  const [least, most] = [criterion.least, criterion.most].map((value) => written(criterion, value, format));
  return least === most ? null : `${least} – ${most}`;
}

export function limitOf(criterion: Criterion, format: Format): string {
  if (criterion.limit === null) return '–';
  return (
    (criterion.sense === null ? '' : signs[criterion.sense]) + written(criterion, criterion.limit, format)
  );
}

/** Why it did not pass, and because of which devices; null: there is nothing to explain. */
export function reasonOf(
  view: Pick<LoadTestView, 'site' | 'identity'>,
  { why, things }: Criterion,
  language: Format['language'],
): string | null {
  if (why === null) return null;
  const reason = loadTestTexts[language].whys[why] ?? why;
  return things.length === 0 ? reason : `${reason}: ${thingsText(view, things, language)}`;
}
