import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Route, Routes } from 'react-router';
import { ApiProvider } from '../api/queries.ts';
import { FormatProvider } from '../format/FormatContext.tsx';
import { WallPage } from '../wall/WallPage.tsx';
import { PageBoundary } from './PageBoundary.tsx';
import { createSession, SessionProvider } from './session.tsx';
import { SignedIn } from './SignedIn.tsx';
import { IncidentsPage } from './incidents-page.ts';
import { lazyPage } from './lazy-page.tsx';

// The wall comes at once; every other page when it is opened.
const VerifyPage = lazyPage(() => import('../loadtest/VerifyPage.tsx'), 'VerifyPage');
const AcknowledgePage = lazyPage(() => import('../acknowledge/AcknowledgePage.tsx'), 'AcknowledgePage');
const FiguresPage = lazyPage(() => import('../alarm-figures/FiguresPage.tsx'), 'FiguresPage');
const AccessPage = lazyPage(() => import('../access/AccessPage.tsx'), 'AccessPage');
const StartPage = lazyPage(() => import('../start/StartPage.tsx'), 'StartPage');
const CalendarPage = lazyPage(() => import('../access/CalendarPage.tsx'), 'CalendarPage');
const ImportPage = lazyPage(() => import('../access/ImportPage.tsx'), 'ImportPage');
const LogPage = lazyPage(() => import('../access/LogPage.tsx'), 'LogPage');
const SeriesPage = lazyPage(() => import('../access/SeriesPage.tsx'), 'SeriesPage');
const TicketForm = lazyPage(() => import('../access/TicketForm.tsx'), 'TicketForm');
const TicketPage = lazyPage(() => import('../access/TicketPage.tsx'), 'TicketPage');
const AuditPage = lazyPage(() => import('../audit/AuditPage.tsx'), 'AuditPage');
const AlarmsPage = lazyPage(() => import('../alarms/AlarmsPage.tsx'), 'AlarmsPage');
const CapacityPage = lazyPage(() => import('../capacity/CapacityPage.tsx'), 'CapacityPage');
const CompliancePage = lazyPage(() => import('../compliance/CompliancePage.tsx'), 'CompliancePage');
const MonthlyReportsPage = lazyPage(() => import('../compliance/ReportsPage.tsx'), 'ReportsPage');
const DevicesPage = lazyPage(() => import('../devices/DevicesPage.tsx'), 'DevicesPage');
const DevicePage = lazyPage(() => import('../place/DevicePage.tsx'), 'DevicePage');
const DrillsPage = lazyPage(() => import('../drills/DrillsPage.tsx'), 'DrillsPage');
const GlossaryPage = lazyPage(() => import('../glossary/GlossaryPage.tsx'), 'GlossaryPage');
const HandoverPage = lazyPage(() => import('../handover/HandoverPage.tsx'), 'HandoverPage');
const HandoversPage = lazyPage(() => import('../handover/HandoversPage.tsx'), 'HandoversPage');
const IncidentPage = lazyPage(() => import('../incidents/IncidentPage.tsx'), 'IncidentPage');
const MusterPage = lazyPage(() => import('../presence/MusterPage.tsx'), 'MusterPage');
const LoadTestPage = lazyPage(() => import('../loadtest/LoadTestPage.tsx'), 'LoadTestPage');
const LoadTestsPage = lazyPage(() => import('../loadtest/LoadTestsPage.tsx'), 'LoadTestsPage');
const PostmortemPage = lazyPage(() => import('../incidents/PostmortemPage.tsx'), 'PostmortemPage');
const RackPage = lazyPage(() => import('../place/RackPage.tsx'), 'RackPage');
const RoomPage = lazyPage(() => import('../place/RoomPage.tsx'), 'RoomPage');
const ReplayPage = lazyPage(() => import('../replay/ReplayPage.tsx'), 'ReplayPage');
const PresencePage = lazyPage(() => import('../presence/PresencePage.tsx'), 'PresencePage');
const ReportFormPage = lazyPage(() => import('../incidents/ReportFormPage.tsx'), 'ReportFormPage');
const RosterPage = lazyPage(() => import('../roster/RosterPage.tsx'), 'RosterPage');
const Shell = lazyPage(() => import('./Shell.tsx'), 'Shell');
const SignInPage = lazyPage(() => import('../signin/SignInPage.tsx'), 'SignInPage');
const SitePage = lazyPage(() => import('../site/SitePage.tsx'), 'SitePage');
const TrendPage = lazyPage(() => import('../trends/TrendPage.tsx'), 'TrendPage');
const UsersPage = lazyPage(() => import('../users/UsersPage.tsx'), 'UsersPage');

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
                <Route
                  path="/masuk"
                  element={
                    <PageBoundary>
                      <SignInPage />
                    </PageBoundary>
                  }
                />
                <Route
                  path="/akui/:token"
                  element={
                    <PageBoundary>
                      <AcknowledgePage />
                    </PageBoundary>
                  }
                />
                <Route
                  path="/verifikasi/:id/:revision"
                  element={
                    <PageBoundary>
                      <VerifyPage />
                    </PageBoundary>
                  }
                />
                <Route
                  path="/kehadiran/kumpul"
                  element={
                    <PageBoundary>
                      <MusterPage />
                    </PageBoundary>
                  }
                />
                <Route element={<SignedIn />}>
                  <Route
                    path="/"
                    element={
                      <PageBoundary retryMs={30_000}>
                        <WallPage />
                      </PageBoundary>
                    }
                  />
                  <Route
                    path="/putar-ulang"
                    element={
                      <PageBoundary>
                        <ReplayPage />
                      </PageBoundary>
                    }
                  />
                  <Route
                    element={
                      <PageBoundary>
                        <Shell />
                      </PageBoundary>
                    }
                  >
                    <Route path="/situs/:site" element={<SitePage />} />
                    <Route path="/gangguan" element={<IncidentsPage />} />
                    <Route path="/gangguan/:id" element={<IncidentPage />} />
                    <Route path="/gangguan/:id/laporan" element={<PostmortemPage />} />
                    <Route path="/gangguan/:id/laporan/:kind" element={<ReportFormPage />} />
                    <Route path="/alarm" element={<AlarmsPage />} />
                    <Route path="/alarm/kinerja" element={<FiguresPage />} />
                    <Route path="/akses" element={<AccessPage />} />
                    <Route path="/akses/baru" element={<TicketForm />} />
                    <Route path="/akses/kalender" element={<CalendarPage />} />
                    <Route path="/akses/berkala" element={<SeriesPage />} />
                    <Route path="/akses/log" element={<LogPage />} />
                    <Route path="/akses/impor" element={<ImportPage />} />
                    <Route path="/akses/:id" element={<TicketPage />} />
                    <Route path="/kehadiran" element={<PresencePage />} />
                    <Route path="/piket" element={<RosterPage />} />
                    <Route path="/serah-terima" element={<HandoversPage />} />
                    <Route path="/serah-terima/:id" element={<HandoverPage />} />
                    <Route path="/tren" element={<TrendPage />} />
                    <Route path="/kapasitas" element={<CapacityPage />} />
                    <Route path="/kepatuhan" element={<CompliancePage />} />
                    <Route path="/kepatuhan/laporan" element={<MonthlyReportsPage />} />
                    <Route path="/audit" element={<AuditPage />} />
                    <Route path="/perangkat" element={<DevicesPage />} />
                    <Route path="/perangkat/:site/:device" element={<DevicePage />} />
                    <Route path="/rak/:site/:rack" element={<RackPage />} />
                    <Route path="/ruang/:site/:room" element={<RoomPage />} />
                    <Route path="/pengguna" element={<UsersPage />} />
                    <Route path="/uji-beban" element={<LoadTestsPage />} />
                    <Route path="/uji-beban/:id" element={<LoadTestPage />} />
                    <Route path="/mulai" element={<StartPage />} />
                    <Route path="/istilah" element={<GlossaryPage />} />
                    <Route path="/latihan" element={<DrillsPage />} />
                    <Route path="*" element={<h1 className="note">{t('page.unknown')}</h1>} />
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
