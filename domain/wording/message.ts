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
  readonly kind: 'page' | 'recovery' | 'sla-warning' | 'sla-breach';
}

export interface MessageText {
  readonly subject: string;
  readonly text: string;
  /** What stands below the subject on the screen of a phone. */
  readonly brief: string;
  /** What the link is called; null when nothing is left to acknowledge. */
  readonly action: string | null;
  readonly paragraphs: readonly Paragraph[];
  /** How many are only on the page; null when all are here. */
  readonly others: string | null;
}

/** One incident as a message says it. */
export interface Paragraph {
  readonly headline: string;
  readonly lines: readonly string[];
  readonly priority: Priority;
  readonly isOver: boolean;
  readonly link: string;
}

/** A message names so many incidents in full; the page behind its link has all of them. */
const inFull = 20;
/** On the screen of a phone. */
const inBrief = 4;

export const messageWords = {
  id: {
    nearlyDue: 'Batas waktu hampir habis', overdue: 'Batas waktu terlewati', since: 'Sejak', due: 'Batas penyelesaian', clause: 'Dasar', first: 'Tindakan pertama', follows: 'Akibat',
    services: 'Layanan berisiko', open: 'Lihat dan akui', all: 'Lihat dan akui semua', many: 'gangguan', simulated: 'SIMULASI', was: 'Berlangsung',
    others: 'gangguan lain ada di halaman itu', details: 'Rincian gangguan',
  },
  en: {
    nearlyDue: 'Time nearly used', overdue: 'Overdue', since: 'Since', due: 'To be solved by', clause: 'Clause', first: 'First action', follows: 'Consequence',
    services: 'Services at risk', open: 'View and acknowledge', all: 'View and acknowledge all', many: 'disturbances', simulated: 'SIMULATED', was: 'Lasted',
    others: 'other disturbances are on that page', details: 'Details',
  },
} as const; // prettier-ignore

/** One message for one or several incidents, the most urgent first. `link`: where all of them can be acknowledged. */
export function messageText(
  told: readonly Told[],
  { language, link, isSimulated }: { readonly language: Language; readonly link: string; readonly isSimulated: boolean },
): MessageText {
  const word = messageWords[language];
  const sorted = told.toSorted(
    (a, b) => Number(a.kind === 'recovery') - Number(b.kind === 'recovery') || compare(a.priority, b.priority) || a.openedAt - b.openedAt,
  );
  const [first] = sorted;
  if (first === undefined) throw new RangeError('a message about nothing');
  const more = sorted.length === 1 ? '' : ` (+${sorted.length - 1} ${word.many})`;
  const mark = isSimulated ? `[${word.simulated}] ` : '';
  const paragraphs = sorted.slice(0, inFull).map((each) => paragraph(each, language));
  const isOver = sorted.every(({ kind }) => kind === 'recovery');
  const action = isOver ? null : sorted.length === 1 ? word.open : word.all;
  const left = sorted.length - paragraphs.length;
  const others = left > 0 ? `+${left} ${word.others}` : null;
  const texts = [
    ...(isSimulated ? [mark.trim()] : []),
    ...paragraphs.map(({ headline, lines, link: own }) => [headline, ...lines, own].join('\n')),
    ...(others === null ? [] : [others]),
    ...(action === null ? [] : [`${action}: ${link}`]),
  ];
  return {
    subject: `${mark}${headlineOf(first, language)}${more}`,
    text: texts.join('\n\n'),
    brief: briefOf(sorted.length, paragraphs, word.many),
    action,
    paragraphs,
    others,
  };
} // prettier-ignore

/** Of one incident what is known of it, of several their headlines. */
function briefOf(count: number, paragraphs: readonly Paragraph[], many: string): string {
  const [first] = paragraphs;
  if (count === 1 && first !== undefined) return first.lines.join('\n');
  const more = count > inBrief ? [`+${count - inBrief} ${many}`] : [];
  return [...paragraphs.slice(0, inBrief).map(({ headline }) => headline), ...more].join('\n');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function headlineOf({ title, priority, kind }: Told, language: Language): string {
  const text = kind === 'recovery' ? title[language] : `${priority} ${title[language]}`;
  if (kind === 'sla-warning') return `${messageWords[language].nearlyDue}: ${text}`;
  return kind === 'sla-breach' ? `${messageWords[language].overdue}: ${text}` : text;
}

function paragraph(told: Told, language: Language): Paragraph {
  const word = messageWords[language];
  const format = formats[language];
  const { openedAt, dueAt, returnedAt, clause, consequence, firstAction, services, kind, link, priority } = told;
  const isOver = kind === 'recovery';
  const lines = [
    `${word.since} ${format.moment(openedAt)} WIB`,
    ...(isOver && returnedAt !== null ? [`${word.was} ${format.duration(returnedAt - openedAt)}`] : []),
    ...(isOver ? [] : [`${word.due}: ${format.moment(dueAt)} WIB`]),
    `${word.clause}: ${clause}`,
    ...(!isOver && consequence !== null ? [`${word.follows}: ${consequence[language]}`] : []),
    ...(!isOver && firstAction !== null ? [`${word.first}: ${firstAction[language]}`] : []),
    ...(!isOver && services.length > 0 ? [`${word.services}: ${services.join(', ')}`] : []),
  ];
  return { headline: headlineOf(told, language), lines, priority, isOver, link };
} // prettier-ignore
