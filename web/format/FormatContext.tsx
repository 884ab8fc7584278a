import { createContext, use, useCallback, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Label } from '../../config/schema/common.ts';
import { createFormat, type Format } from '../../domain/format/format.ts';
import type { Language } from '../../domain/format/words.ts';

const FormatContext = createContext<Format>(createFormat('id'));

/** Numbers and times in the language of the page. */
export function FormatProvider({ children }: { children: ReactNode }): ReactNode {
  const { i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'id';
  const format = useMemo(() => createFormat(language), [language]);
  return <FormatContext value={format}>{children}</FormatContext>;
}

export function useFormat(): Format {
  return use(FormatContext);
}

/** Text from the configuration, in the language of the page. */
export function useLabel(): (label: Label) => string {
  const { language } = useFormat();
  return useCallback((label) => label[language], [language]);
}
