import { formats } from '../../domain/format/format.ts';
import type { Language } from '../../domain/format/words.ts';
import { complianceTexts } from '../compliance/report-text.ts';
import { createSheet, type Sheet } from '../reports/pdf/sheet.ts';

/** How a printed page of physical access is made. */
export interface Printing {
  readonly language: Language;
  /** Epoch ms. */
  readonly now: number;
  readonly isSimulated: boolean;
}

const made = { id: 'dibuat', en: 'made' } as const;
const simulated = { id: 'SIMULASI', en: 'SIMULATION' } as const;

/** A4 pages with the moment they were made at their foot. */
export function accessSheet(
  title: string,
  subtitle: string,
  { language, now, isSimulated }: Printing,
): Sheet {
  const format = formats[language];
  return createSheet({
    title,
    subtitle,
    language,
    footer: `Pantau DC · ${made[language]} ${format.date(now)} ${format.clock(now)} WIB`,
    pageText: complianceTexts[language].page,
    at: new Date(now),
    ...(isSimulated ? { mark: simulated[language] } : {}),
  });
}
