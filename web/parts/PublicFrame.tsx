import type { ReactNode } from 'react';
import { useTitle } from '../app/title.ts';
import { useThemed } from '../theme/theme.tsx';
import { LanguageSwitch } from './Menu.tsx';
import '../acknowledge/acknowledge.css';

/** A page that opens without a sign-in: from a link in a message, or the QR code of a report. */
export function PublicFrame({ title, children }: { title: string; children: ReactNode }): ReactNode {
  useTitle(title);
  useThemed();
  return (
    <main className="acknowledge">
      <header>
        <b>Pantau DC</b>
        <LanguageSwitch />
      </header>
      {children}
    </main>
  );
}
