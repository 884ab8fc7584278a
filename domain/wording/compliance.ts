import type { Label } from '../../config/schema/common.ts';
import type { ComplianceVerdict } from '../../server/contracts/compliance.ts';
import { formats } from '../format/format.ts';
import type { Language } from '../format/words.ts';

/** Sentences of the compliance page and its reports, in both languages at once: they are stored with what they are about. */

const verdicts = {
  id: { holds: 'Terpenuhi', fails: 'Tidak terpenuhi', 'not-proven': 'Belum terbukti' },
  en: { holds: 'Holds', fails: 'Does not hold', 'not-proven': 'Not proven' },
} as const;

export function complianceVerdictText(verdict: ComplianceVerdict, language: Language): string {
  return verdicts[language][verdict];
}

function both(write: (language: Language) => string): Label {
  return { id: write('id'), en: write('en') };
}

export function plain(id: string, en: string): Label {
  return { id, en };
}

/** `PAC 01, PAC 02 dan 5 lainnya`: a sentence names three things at most. */
export function namesText(names: readonly Label[], language: Language): string {
  const shown = names
    .slice(0, 3)
    .map((name) => name[language])
    .join(', ');
  const rest = names.length - 3;
  if (rest <= 0) return shown;
  return language === 'id' ? `${shown} dan ${rest} lainnya` : `${shown} and ${rest} more`;
}

export const complianceReasons = {
  noPoints: plain('Tidak ada yang diukur: tidak ada titik ukur ini di konfigurasi', 'Nothing is measured: the configuration has no such point'),
  nothingMeasured: plain('Tidak ada data terukur pada bulan ini', 'Nothing was measured in this month'),
  notJudged: plain('Belum dinilai sejak server berjalan', 'Not judged yet since the server started'),
  unwatched: plain('Server tidak menilai pada waktu itu', 'The server did not judge at that time'),
  notYet: plain('Bulan ini belum mempunyai satu jam penuh', 'The month has no full hour yet'),
  allWithin: (count: number): Label =>
    both((l) => (l === 'id' ? `${count} dari ${count} titik dalam batas` : `${count} of ${count} points within limits`)),
  outside: (names: readonly Label[], of: number): Label =>
    both((l) => l === 'id' ? `${names.length} dari ${of} titik di luar batas: ${namesText(names, l)}` : `${names.length} of ${of} points beyond limits: ${namesText(names, l)}`),
  unread: (names: readonly Label[], of: number): Label =>
    both((l) => l === 'id' ? `${names.length} dari ${of} titik tanpa nilai yang dapat dipercaya: ${namesText(names, l)}` : `${names.length} of ${of} points without a value to be believed: ${namesText(names, l)}`),
  withinBut: (count: number, unread: readonly Label[]): Label =>
    both((l) => l === 'id' ? `${count} titik dalam batas; tidak terbaca: ${namesText(unread, l)}` : `${count} points within limits; not read: ${namesText(unread, l)}`),
  held: (held: number, coverage: number): Label =>
    both((l) => l === 'id' ? `Terpenuhi ${percentText(held, l)} dari waktu terukur; terukur ${percentText(coverage, l)}` : `Held for ${percentText(held, l)} of the measured time; ${percentText(coverage, l)} measured`),
  tooLittle: (coverage: number, needed: number): Label =>
    both((l) => l === 'id' ? `Terukur ${percentText(coverage, l)} dari waktu, perlu ${percentText(needed, l)}` : `${percentText(coverage, l)} of the time measured, ${percentText(needed, l)} needed`),
  frozen: (names: readonly Label[]): Label =>
    both((l) => l === 'id' ? `nilai tidak bergerak: ${namesText(names, l)}` : `values did not move: ${namesText(names, l)}`),
} as const; // prettier-ignore

/** Two sentences as one. */
export function joined(a: Label, b: Label): Label {
  return { id: `${a.id}; ${b.id}`, en: `${a.en}; ${b.en}` };
}

/** As many decimals as it takes to see that something is missing: 99,9987 %. */
export function percentText(percent: number, language: Language): string {
  const decimals = percent >= 99.9 && percent < 100 ? 3 : percent === 100 || percent === 0 ? 0 : 1;
  return `${formats[language].number(Math.floor(percent * 10 ** decimals) / 10 ** decimals, decimals)} %`;
}
