import './app/zod.ts';
import '@fontsource-variable/inter/wght.css';
import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './app/App.tsx';
import { createI18n } from './i18n/index.ts';
import { ThemeProvider } from './theme/theme.tsx';

/** No `await` outside of a function: scripts of other pages are made from this one's file, and would wait for it. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const i18n = await createI18n(localStorage);
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <ThemeProvider storage={localStorage}>
        <App />
      </ThemeProvider>
    </I18nextProvider>,
  );
}

void start();
