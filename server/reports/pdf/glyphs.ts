import { readFileSync } from 'node:fs';

/** Stands where a font has no glyph: PDF/A allows no text that shows none (ISO 19005-3, 6.2.11.8). */
const missing = '▯';

/** What a font can show of a text; the rest becomes a box, and control characters a space. */
export type Shown = (text: string) => string;

/** Reads which characters a TrueType font has glyphs for (its table `cmap`, format 12). */
export function shownBy(file: string): Shown {
  const ranges = charactersOf(readFileSync(file));
  const has = (code: number): boolean => ranges.some(([first, last]) => code >= first && code <= last);
  const known = new Map<string, string>();
  const one = (character: string): string => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const code = character.codePointAt(0) ?? 0;
    const shown = character === '\n' || (code >= 0x20 && has(code)) ? character : code < 0x20 || code === 0x7f ? ' ' : missing;
    known.set(character, shown);
    return shown;
  };
  // A letter and its accent as one character: the fonts have glyphs of those.
  return (text) => Array.from(text.normalize('NFC'), one).join('');
} // prettier-ignore

/** Ranges of characters, first and last. */
function charactersOf(font: Buffer): (readonly [number, number])[] {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + index * 16);
  const entry = tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap');
  if (entry === undefined) throw new TypeError('the font has no table of characters');
  const cmap = font.readUInt32BE(entry + 8);
  const subtables = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, index) => cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4));
  const whole = subtables.find((at) => font.readUInt16BE(at) === 12);
  if (whole === undefined) throw new TypeError('the font has no table of all of Unicode (cmap, format 12)');
  return Array.from({ length: font.readUInt32BE(whole + 12) }, (_, index) => {
    const group = whole + 16 + index * 12;
    return [font.readUInt32BE(group), font.readUInt32BE(group + 4)] as const;
  });
} // prettier-ignore
