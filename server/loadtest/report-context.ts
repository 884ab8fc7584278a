import { formats } from '../../domain/format/format.ts';
import type { LoadTestText } from '../../domain/wording/load-test.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import type { Sheet } from '../reports/pdf/sheet.ts';

/** What every part of a printed report is written with. */
export interface Context {
  readonly sheet: Sheet;
  readonly view: LoadTestDocument;
  readonly text: LoadTestText;
  readonly language: 'id' | 'en';
}

export function moment({ language }: Context, at: string): string {
  return formats[language].moment(Date.parse(at));
}

export function clock({ language }: Context, at: number): string {
  return formats[language].time(at);
}
