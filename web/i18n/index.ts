import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import id from './id.json';

const storageKey = 'pantau.bahasa';

/** Indonesian unless the browser remembers English. */
export function createI18n(storage: Pick<Storage, 'getItem' | 'setItem'>): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    resources: { id: { translation: id }, en: { translation: en } },
    lng: storage.getItem(storageKey) === 'en' ? 'en' : 'id',
    fallbackLng: 'id',
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  const setDocumentLanguage = (language: string): void => {
    document.documentElement.lang = language;
    storage.setItem(storageKey, language);
  };
  instance.on('languageChanged', setDocumentLanguage);
  setDocumentLanguage(instance.language);
  return instance;
}
