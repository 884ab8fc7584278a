import type { Label } from '../../config/schema/common.ts';
import type { Language } from '../format/words.ts';

const and = { id: 'dan', en: 'and' } as const;

interface Counted {
  readonly names: readonly Label[];
  /** Of how many there are; null: not known. */
  readonly of: number | null;
  readonly noun: Label;
}

/**
 * Two things by name ("PLN A dan B"), more as a count of how many ("3 dari 4 UPS", "semua 16 PAC"). What their names have in
 * common is said once.
 */
export function listOf({ names, of, noun }: Counted, language: Language): string {
  const texts = [...new Set(names.map((name) => name[language]))];
  // Only two are named: of thousands the count alone is said.
  const [first = '', second] = texts.length === 2 ? texts.toSorted(byName) : texts;
  if (texts.length <= 1) return first;
  if (second !== undefined && texts.length === 2)
    return `${first} ${and[language]} ${withoutCommon(first, second)}`;
  const what = noun[language];
  if (of === null || of < texts.length) return `${texts.length} ${what}`;
  if (of === texts.length) return language === 'id' ? `semua ${of} ${what}` : `all ${of} ${what}`;
  return language === 'id' ? `${texts.length} dari ${of} ${what}` : `${texts.length} of ${of} ${what}`;
}

/** "PAC 2" before "PAC 10". */
function byName(a: string, b: string): number {
  return a.localeCompare(b, 'id', { numeric: true });
}

/** "PLN B" after "PLN A" is "B". */
function withoutCommon(first: string, second: string): string {
  const before = first.split(' ');
  const words = second.split(' ');
  let same = 0;
  while (same < words.length - 1 && words[same] === before[same]) same += 1;
  return same === before.length ? second : words.slice(same).join(' ');
}
