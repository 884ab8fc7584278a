import { describe, expect, it } from 'vitest';
import { textsOf } from './texts.ts';
import { glossary } from '../../domain/glossary.ts';

const rowsOf = (language: 'id' | 'en'): [key: string, text: string][] =>
  Object.entries(textsOf(language)).flatMap(([group, rows]) =>
    Object.entries(rows).map(([key, text]): [string, string] => [`${group}.${key}`, text]),
  );

describe.each(['id', 'en'] as const)('the glossary in %s', (language) => {
  const rows = rowsOf(language);
  it('has every word once, in the order of the Indonesian ones', () => {
    const words = glossary.map((term) => term[language]);
    expect(new Set(words).size).toBe(words.length);
    const sorted = glossary.toSorted((a, b) => a.id.localeCompare(b.id, 'id'));
    expect(glossary.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
  });
  it('has no word that the screens avoid', () => {
    const avoided = glossary.flatMap(({ avoid }) => avoid?.[language] ?? []);
    const found = rows.flatMap(([key, text]) =>
      avoided.filter((word) => text.toLowerCase().includes(word)).map((word) => `${key}: "${word}"`),
    );
    expect(found).toEqual([]);
  });
  it('has only words that a screen uses', () => {
    const all = rows.map(([, text]) => text.toLowerCase()).join('\n');
    const known = glossary.map((term) => term[language].toLowerCase());
    expect(known.filter((word) => !all.includes(word))).toEqual([]);
  });
});
