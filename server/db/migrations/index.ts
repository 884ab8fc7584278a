import type { Migration } from 'kysely';
import { auth } from './001-auth.ts';
import { access } from './002-access.ts';
import { incidents } from './003-incidents.ts';
import { collectors } from './004-collectors.ts';
import { alarms } from './005-alarms.ts';
import { fieldEvents } from './006-field-events.ts';
import { incidentCauses } from './008-incident-causes.ts';
import { notifications } from './010-notifications.ts';
import { handling } from './012-handling.ts';
import { people } from './013-people.ts';
import { paging } from './014-paging.ts';
import { alarmFigures } from './015-alarm-figures.ts';
import { suppression } from './016-suppression.ts';
import { identityLookups } from './017-identity-lookups.ts';
import { ticketLife } from './018-ticket-life.ts';
import { accessEvents } from './019-access-events.ts';
import { accessControllers } from './020-access-controllers.ts';
import { accessJudgement } from './021-access-judgement.ts';
import { log } from './024-log.ts';
import { ticketSources } from './031-ticket-sources.ts';
import { ticketMails } from './032-ticket-mails.ts';
import { loadTests } from './028-load-tests.ts';
import { compliance } from './033-compliance.ts';
import { documents } from './034-documents.ts';
import { reports } from './035-reports.ts';
import { capacity } from './036-capacity.ts';
import { noteRequest } from './072-note-request.ts';
import { userSites } from './071-user-sites.ts';
import { userDisabled } from './038-user-disabled.ts';
import { walls } from './039-walls.ts';
import { loadTestRevisions } from './045-load-test-revisions.ts';
import { logVerifications } from './040-log-verifications.ts';
import { loadTestPlans } from './046-load-test-plans.ts';
import { commissioning } from './057-commissioning.ts';
import { discovery } from './058-discovery.ts';
import { accessEventFilters } from './062-access-event-filters.ts';
import { lateEvents } from './083-late-events.ts';

/** Run in the order of their names, each once. One that was released is never changed: add the next number. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-auth': auth,
  '002-access': access,
  '003-incidents': incidents,
  '004-collectors': collectors,
  '005-alarms': alarms,
  '006-field-events': fieldEvents,
  '008-incident-causes': incidentCauses,
  '010-notifications': notifications,
  '012-handling': handling,
  '013-people': people,
  '014-paging': paging,
  '015-alarm-figures': alarmFigures,
  '016-suppression': suppression,
  '017-identity-lookups': identityLookups,
  '018-ticket-life': ticketLife,
  '019-access-events': accessEvents,
  '020-access-controllers': accessControllers,
  '021-access-judgement': accessJudgement,
  '024-log': log,
  '031-ticket-sources': ticketSources,
  '032-ticket-mails': ticketMails,
  '028-load-tests': loadTests,
  '033-compliance': compliance,
  '034-documents': documents,
  '035-reports': reports,
  '036-capacity': capacity,
  '038-user-disabled': userDisabled,
  '039-walls': walls,
  '045-load-test-revisions': loadTestRevisions,
  '040-log-verifications': logVerifications,
  '046-load-test-plans': loadTestPlans,
  '057-commissioning': commissioning,
  '058-discovery': discovery,
  '062-access-event-filters': accessEventFilters,
  '071-user-sites': userSites,
  '072-note-request': noteRequest,
  '083-late-events': lateEvents,
};
