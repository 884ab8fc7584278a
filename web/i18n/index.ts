import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isolate } from './isolate.ts';
import { allTexts, wallTexts } from './texts.ts';

const storageKey = 'pantau.bahasa';
export type Language = 'id' | 'en';

/** Indonesian unless the browser remembers English; resolves once the wall's texts are there. */
export async function createI18n(storage: Pick<Storage, 'getItem' | 'setItem'>): Promise<i18n> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    resources: { id: { translation: wallTexts } },
    lng: 'id',
    fallbackLng: 'id',
    // React escapes by itself. What is put into a sentence is isolated instead: a name that is written from right to left must not turn it.
    interpolation: { escapeValue: true, escape: isolate },
    react: { bindI18nStore: 'added' },
  });
  void addAllTexts(instance);
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    storage.setItem(storageKey, language);
  });
  await changeLanguage(instance, storage.getItem(storageKey) === 'en' ? 'en' : 'id');
  return instance;
}

async function addAllTexts(instance: i18n): Promise<void> {
  const texts = await allTexts();
  if (texts !== undefined) instance.addResourceBundle('id', 'translation', texts);
}

/** English texts are fetched by who reads them; when they cannot be, the page stays as it is. */
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  if (language === 'en' && !instance.hasResourceBundle('en', 'translation')) {
    const texts = await import('./en.json').catch(() => null);
    if (texts === null) return;
    instance.addResourceBundle('en', 'translation', texts.default);
  }
  await instance.changeLanguage(language);
}
