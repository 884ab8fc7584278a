import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Route, Routes } from 'react-router';
import { AcknowledgePage } from '../acknowledge/AcknowledgePage.tsx';
import { FiguresPage } from '../alarm-figures/FiguresPage.tsx';
import { AccessPage } from '../access/AccessPage.tsx';
import { TicketForm } from '../access/TicketForm.tsx';
import { TicketPage } from '../access/TicketPage.tsx';
import { AlarmsPage } from '../alarms/AlarmsPage.tsx';
import { ApiProvider } from '../api/queries.ts';
import { DevicesPage } from '../devices/DevicesPage.tsx';
import { DrillsPage } from '../drills/DrillsPage.tsx';
import { FormatProvider } from '../format/FormatContext.tsx';
import { HandoverPage } from '../handover/HandoverPage.tsx';
import { HandoversPage } from '../handover/HandoversPage.tsx';
import { IncidentPage } from '../incidents/IncidentPage.tsx';
import { IncidentsPage } from '../incidents/IncidentsPage.tsx';
import { PostmortemPage } from '../incidents/PostmortemPage.tsx';
import { ReportFormPage } from '../incidents/ReportFormPage.tsx';
import { RosterPage } from '../roster/RosterPage.tsx';
import { SignInPage } from '../signin/SignInPage.tsx';
import { SitePage } from '../site/SitePage.tsx';
import { TrendPage } from '../trends/TrendPage.tsx';
import { WallPage } from '../wall/WallPage.tsx';
import { createSession, SessionProvider } from './session.tsx';
import { Shell } from './Shell.tsx';
import { SignedIn } from './SignedIn.tsx';

/** Providers and the table of pages. */
export function App(): ReactNode {
  const [session] = useState(createSession);
  const { t } = useTranslation();
  return (
    <QueryClientProvider client={session.queries}>
      <ApiProvider value={session.api}>
        <SessionProvider value={session}>
          <FormatProvider>
            <BrowserRouter>
              <Routes>
                <Route path="/masuk" element={<SignInPage />} />
                <Route path="/akui/:token" element={<AcknowledgePage />} />
                <Route element={<SignedIn />}>
                  <Route path="/" element={<WallPage />} />
                  <Route element={<Shell />}>
                    <Route path="/situs/:site" element={<SitePage />} />
                    <Route path="/gangguan" element={<IncidentsPage />} />
                    <Route path="/gangguan/:id" element={<IncidentPage />} />
                    <Route path="/gangguan/:id/laporan" element={<PostmortemPage />} />
                    <Route path="/gangguan/:id/laporan/:kind" element={<ReportFormPage />} />
                    <Route path="/alarm" element={<AlarmsPage />} />
                    <Route path="/alarm/kinerja" element={<FiguresPage />} />
                    <Route path="/akses" element={<AccessPage />} />
                    <Route path="/akses/baru" element={<TicketForm />} />
                    <Route path="/akses/:id" element={<TicketPage />} />
                    <Route path="/piket" element={<RosterPage />} />
                    <Route path="/serah-terima" element={<HandoversPage />} />
                    <Route path="/serah-terima/:id" element={<HandoverPage />} />
                    <Route path="/tren" element={<TrendPage />} />
                    <Route path="/perangkat" element={<DevicesPage />} />
                    <Route path="/latihan" element={<DrillsPage />} />
                    <Route path="*" element={<p className="note">{t('page.unknown')}</p>} />
                  </Route>
                </Route>
              </Routes>
            </BrowserRouter>
          </FormatProvider>
        </SessionProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}
