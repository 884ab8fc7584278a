export type Language = 'id' | 'en';

interface Words {
  readonly locale: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly timeSeparator: string;
  readonly ago: string;
}

/** Short words shown beside numbers; sentences are in `i18n/`. */
export const words: Readonly<Record<Language, Words>> = {
  id: {
    locale: 'id-ID',
    day: 'hari',
    hour: 'jam',
    minute: 'mnt',
    second: 'dtk',
    timeSeparator: '.',
    ago: 'lalu',
  },
  en: { locale: 'en-GB', day: 'd', hour: 'h', minute: 'min', second: 's', timeSeparator: ':', ago: 'ago' },
};
