import { createInstance } from 'i18next';
import { expect, it } from 'vitest';
import { isolate } from '../../web/i18n/isolate.ts';

it('isolates a name that is written from right to left in a sentence, and leaves every other as it is', async () => {
  const texts = createInstance();
  await texts.init({
    lng: 'id',
    resources: { id: { translation: { by: 'diakui {{who}}, 14.32' } } },
    interpolation: { escapeValue: true, escape: isolate },
  });
  expect(texts.t('by', { who: 'Sari <1>' })).toBe('diakui Sari <1>, 14.32');
  expect(texts.t('by', { who: 'محمد' })).toBe('diakui \u2068محمد\u2069, 14.32');
});
