import '@fontsource-variable/inter/wght.css';
import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { z } from 'zod';
import { App } from './app/App.tsx';
import { createI18n } from './i18n/index.ts';

// The content security policy forbids compiling code at run time, which zod would try.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <I18nextProvider i18n={createI18n(localStorage)}>
    <App />
  </I18nextProvider>,
);
