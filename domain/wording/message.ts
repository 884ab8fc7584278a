import type { Label, Priority } from '../../config/schema/common.ts';
import { formats } from '../format/format.ts';
import type { Language } from '../format/words.ts';

/** What a message says of one incident. */
export interface Told {
  readonly title: Label;
  readonly priority: Priority;
  readonly clause: string;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly dueAt: number;
  readonly returnedAt: number | null;
  readonly consequence: Label | null;
  readonly firstAction: Label | null;
  readonly services: readonly string[];
  readonly link: string;
  readonly kind: 'page' | 'recovery';
}

export interface MessageText {
  readonly subject: string;
  readonly text: string;
}

const words = {
  id: {
    since: 'Sejak', due: 'Batas penyelesaian', clause: 'Dasar', first: 'Tindakan pertama', follows: 'Akibat',
    services: 'Layanan berisiko', open: 'Lihat dan akui', all: 'Lihat dan akui semua', many: 'gangguan', simulated: 'SIMULASI', was: 'Berlangsung',
  },
  en: {
    since: 'Since', due: 'To be solved by', clause: 'Clause', first: 'First action', follows: 'Consequence',
    services: 'Services at risk', open: 'View and acknowledge', all: 'View and acknowledge all', many: 'disturbances', simulated: 'SIMULATED', was: 'Lasted',
  },
} as const; // prettier-ignore

/** One message for one or several incidents, the most urgent first. `link`: where all of them can be acknowledged. */
export function messageText(
  told: readonly Told[],
  { language, link, isSimulated }: { readonly language: Language; readonly link: string; readonly isSimulated: boolean },
): MessageText {
  const word = words[language];
  const sorted = told.toSorted((a, b) => (a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : a.openedAt - b.openedAt));
  const [first] = sorted;
  if (first === undefined) throw new RangeError('a message about nothing');
  const head = headline(first, language);
  const more = sorted.length === 1 ? '' : ` (+${sorted.length - 1} ${word.many})`;
  const mark = isSimulated ? `[${word.simulated}] ` : '';
  const texts = sorted.map((each) => paragraph(each, language));
  const isOver = sorted.every(({ kind }) => kind === 'recovery');
  const answer = isOver ? [] : [`${sorted.length === 1 ? word.open : word.all}: ${link}`];
  return { subject: `${mark}${head}${more}`, text: [...(isSimulated ? [mark.trim()] : []), ...texts, ...answer].join('\n\n') };
} // prettier-ignore

function headline({ title, priority, kind }: Told, language: Language): string {
  return kind === 'recovery' ? title[language] : `${priority} ${title[language]}`;
}

function paragraph(told: Told, language: Language): string {
  const word = words[language];
  const format = formats[language];
  const { openedAt, dueAt, returnedAt, clause, consequence, firstAction, services, kind, link } = told;
  const lines = [
    headline(told, language),
    `${word.since} ${format.moment(openedAt)} WIB`,
    ...(kind === 'recovery' && returnedAt !== null ? [`${word.was} ${format.duration(returnedAt - openedAt)}`] : []),
    ...(kind === 'page' ? [`${word.due}: ${format.moment(dueAt)} WIB`] : []),
    `${word.clause}: ${clause}`,
    ...(kind === 'page' && consequence !== null ? [`${word.follows}: ${consequence[language]}`] : []),
    ...(kind === 'page' && firstAction !== null ? [`${word.first}: ${firstAction[language]}`] : []),
    ...(kind === 'page' && services.length > 0 ? [`${word.services}: ${services.join(', ')}`] : []),
    link,
  ];
  return lines.join('\n');
} // prettier-ignore
