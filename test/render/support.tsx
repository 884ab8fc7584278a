import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createInstance } from 'i18next';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { MemoryRouter } from 'react-router';
import { good, type QualityCode } from '../../core/reading.ts';
import type { Role } from '../../server/contracts/common.ts';
import { ApiProvider } from '../../web/api/queries.ts';
import { createSession, SessionProvider } from '../../web/app/session.tsx';
import { FormatProvider } from '../../web/format/FormatContext.tsx';
import en from '../../web/i18n/en.json' with { type: 'json' };
import id from '../../web/i18n/id.json' with { type: 'json' };
import type { Live } from '../../web/live/connection.ts';
import { LiveProvider } from '../../web/live/hooks.tsx';
import { startLink } from '../../web/live/link.ts';
import { PointStore } from '../../web/live/store.ts';

/** 22 November 2026, 14.00 WIB. */
export const renderedAt = Date.UTC(2026, 10, 22, 7);

interface RenderOptions {
  readonly language?: 'id' | 'en';
  readonly path?: string;
  readonly role?: Role;
  /** Value, or what is wrong with it; what is not named was never read. */
  readonly values?: ReadonlyMap<string, number | QualityCode[]>;
  /** Answers of the server, by query key. */
  readonly answers?: readonly (readonly [key: readonly unknown[], data: unknown])[];
}

/** A component as HTML, within the providers of the product; no browser, so no effects and no events. */
export function render(node: ReactNode, options: RenderOptions = {}): string {
  const { language = 'id', path = '/', role = 'viewer', values = new Map(), answers = [] } = options;
  const i18n = createInstance();
  void i18n.use(initReactI18next).init({
    resources: { id: { translation: id }, en: { translation: en } },
    lng: language,
    fallbackLng: 'id',
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  const session = createSession();
  const signedIn = {
    ...session,
    state: () => ({ user: { user: 'sari', role, rights: [] }, phase: 'in' as const }),
  };
  const queries = new QueryClient();
  for (const [key, data] of answers) queries.setQueryData(key, data);
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <ApiProvider value={session.api}>
          <SessionProvider value={signedIn}>
            <FormatProvider>
              <MemoryRouter initialEntries={[path]}>
                <LiveProvider live={liveWith(values)}>{node}</LiveProvider>
              </MemoryRouter>
            </FormatProvider>
          </SessionProvider>
        </ApiProvider>
      </QueryClientProvider>
    </I18nextProvider>,
  );
}

/** The text that a reader of the screen meets, in its order. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function liveWith(values: NonNullable<RenderOptions['values']>): Live {
  const store = new PointStore({ schedule: (flush) => { flush(); } }); // prettier-ignore
  const ids = [...values.keys()];
  store.watch(ids);
  const rows = [...values.values()];
  store.apply(ids, {
    position: ids.map((_id, place) => place),
    value: rows.map((row) => (typeof row === 'number' ? row : null)),
    at: rows.map(() => renderedAt),
    quality: rows.map((row) => (typeof row === 'number' ? good : (row[0] ?? good))),
  }, renderedAt); // prettier-ignore
  const link = startLink(renderedAt);
  return {
    store,
    link: () => link,
    onLink: () => () => undefined,
    now: () => renderedAt,
    past: () => Promise.reject(new Error('no server')),
    painted: () => undefined,
    open: () => undefined,
    close: () => undefined,
  };
}
