import type { Language } from '../../domain/format/words.ts';

/** `Oktober 2026`; the middle of the month, which is in it in every time zone. */
export function monthText(month: string, language: Language): string {
  const locale = language === 'id' ? 'id-ID' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-15T00:00:00Z`),
  );
}
