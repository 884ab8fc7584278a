import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { roles, type Role } from '../../server/contracts/common.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** What keeps a control from who would be refused. */
type Guard =
  /** `useMay('…')` in that file: the control's own, or the one that shows it. */
  | { readonly role: Role; readonly in: string }
  /** `useRight('…')` there, beside the endpoint's role. */
  | { readonly right: string; readonly in: string }
  /** The server lists in the thing itself what whoever asks may do with it; that field of that file. */
  | { readonly listed: string; readonly in: string }
  /** The menu's role for a page that shows nothing to who may not read it. */
  | { readonly page: string; readonly role: Role }
  | 'everyone';

/** Every file of the pages that sends something: what, and what it is guarded by. A new one has to be entered. */
const senders: Readonly<Record<string, readonly (readonly [commands: readonly string[], guard: Guard])[]>> = {
  'access/ApprovalQueue.tsx': [[['POST /tickets/{id}/approve', 'POST /tickets/{id}/reject'], { listed: 'ticket.actions.includes', in: 'access/ApprovalQueue.tsx' }]],
  'access/ImportPage.tsx': [[['POST /tickets/import'], { role: 'operator', in: 'access/ImportPage.tsx' }]],
  'access/Persons.tsx': [[['POST /tickets/{id}/identities'], { right: 'see-identities', in: 'access/Persons.tsx' }]],
  'access/SeriesPage.tsx': [[['POST /ticket-series/{id}/end'], { role: 'operator', in: 'access/SeriesPage.tsx' }]],
  'access/TicketActions.tsx': [[['POST /tickets/{id}/approve', 'POST /tickets/{id}/cancel'], { listed: 'actions } = ticket', in: 'access/TicketActions.tsx' }]],
  'access/TicketForm.tsx': [[['POST /tickets', 'POST /ticket-series'], { role: 'operator', in: 'access/TicketForm.tsx' }]],
  'acknowledge/AcknowledgePage.tsx': [[['POST /acknowledgements/{token}'], 'everyone']],
  'alarm-figures/WorkForm.tsx': [[['POST /alarm-figures/work'], { role: 'operator', in: 'alarm-figures/WorkList.tsx' }]],
  'alarms/PlantStates.tsx': [[['POST /plant-states', 'POST /plant-states/{id}/end'], { role: 'operator', in: 'alarms/PlantStates.tsx' }]],
  'app/session.tsx': [[['POST /session', 'DELETE /session'], 'everyone']],
  'audit/LogStatus.tsx': [[['POST /log/verification'], { page: '/audit', role: 'manager' }]],
  'compliance/Documents.tsx': [[['POST /compliance/documents', 'POST /compliance/documents/{id}/withdraw'], { role: 'manager', in: 'compliance/Documents.tsx' }]],
  'compliance/ReportsPage.tsx': [[['POST /reports'], { role: 'manager', in: 'compliance/ReportsPage.tsx' }]],
  'devices/Discovery.tsx': [[['POST /discovery', 'POST /discovery/stop', 'POST /discovery/dismiss'], { role: 'manager', in: 'devices/DevicesPage.tsx' }]],
  'drills/DrillsPage.tsx': [[['POST /drills'], { role: 'operator', in: 'drills/DrillsPage.tsx' }]],
  'handover/Signing.tsx': [[['POST /shifts/{id}/note', 'POST /shifts/{id}/sign-out', 'POST /shifts/{id}/sign-in'], { role: 'operator', in: 'handover/Signing.tsx' }]],
  'incidents/AcknowledgeDialog.tsx': [[['POST /incidents/ack'], { role: 'operator', in: 'incidents/OpenList.tsx' }]],
  'incidents/Actions.tsx': [[['POST /incidents/{id}/ack', 'POST /incidents/{id}/note', 'POST /incidents/{id}/reset'], { role: 'operator', in: 'incidents/Actions.tsx' }]],
  'incidents/AlarmActions.tsx': [[['ack', 'reset', 'shelve', 'unshelve', 'suppress', 'unsuppress', 'out-of-service', 'return-to-service'].map((verb) => `POST /alarms/{id}/${verb}`), { role: 'operator', in: 'incidents/AlarmActions.tsx' }]],
  'incidents/Attachments.tsx': [[['POST /incidents/{id}/attachments'], { role: 'operator', in: 'incidents/Attachments.tsx' }]],
  'incidents/Disaster.tsx': [[['POST /incidents/{id}/disaster'], { right: 'declare-disaster', in: 'incidents/Disaster.tsx' }]],
  'incidents/FalseAlarm.tsx': [[['POST /incidents/{id}/false-alarm'], { role: 'operator', in: 'incidents/FalseAlarm.tsx' }]],
  'incidents/Handling.tsx': [
    [['POST /incidents/{id}/assign', 'POST /incidents/{id}/resolve', 'POST /incidents/{id}/reopen'], { role: 'operator', in: 'incidents/Handling.tsx' }],
    [['POST /incidents/{id}/pause', 'POST /incidents/{id}/resume'], { role: 'manager', in: 'incidents/Handling.tsx' }],
  ],
  'incidents/Merge.tsx': [[['POST /incidents/{id}/merge'], { role: 'operator', in: 'incidents/Merge.tsx' }]],
  'incidents/ReportFormPage.tsx': [[['POST /incidents/{id}/reports/{kind}/save', 'POST /incidents/{id}/reports/{kind}/send'], { right: 'statutory-reports', in: 'incidents/ReportFormPage.tsx' }]],
  'incidents/Reports.tsx': [[['POST /incidents/{id}/reports'], { right: 'statutory-reports', in: 'incidents/Reports.tsx' }]],
  'incidents/Split.tsx': [[['POST /incidents/{id}/split'], { role: 'operator', in: 'incidents/Split.tsx' }]],
  'incidents/useOutbox.ts': [[['POST /incidents/{id}/note'], { role: 'operator', in: 'incidents/Actions.tsx' }]],
  'loadtest/Deficiencies.tsx': [[['POST /load-tests/{id}/deficiencies', 'POST /load-test-deficiencies/{id}/close'], { role: 'operator', in: 'loadtest/Deficiencies.tsx' }]],
  'loadtest/PlanForm.tsx': [[['POST /load-test-plans'], { role: 'operator', in: 'loadtest/Plans.tsx' }]],
  'loadtest/Plans.tsx': [[['POST /load-test-plans/{id}/cancel', 'POST /load-test-plans/{id}/checks'], { role: 'operator', in: 'loadtest/Plans.tsx' }]],
  'loadtest/Signatures.tsx': [
    [['POST /load-tests/{id}/signatures'], { role: 'operator', in: 'loadtest/Signatures.tsx' }],
    [['POST /load-tests/{id}/revisions'], { role: 'manager', in: 'loadtest/Signatures.tsx' }],
  ],
  'place/Commissioning.tsx': [[['POST /commissioning/{site}/{device}', 'POST /commissioning/{site}/{device}/readings'], { role: 'operator', in: 'place/Commissioning.tsx' }]],
  'push/PushPanel.tsx': [[['DELETE /push/browsers/{id}'], { role: 'viewer', in: 'push/PushPanel.tsx' }]],
  'push/push.ts': [[['POST /push/browsers'], { role: 'viewer', in: 'push/PushPanel.tsx' }]],
  'roster/Calendars.tsx': [[['POST /on-call/calendars', 'DELETE /on-call/calendars/{id}'], { role: 'operator', in: 'roster/RosterPage.tsx' }]],
  'roster/Changes.tsx': [[['POST /on-call/overrides', 'DELETE /on-call/overrides/{id}', 'POST /on-call/time-off', 'DELETE /on-call/time-off/{id}'], { role: 'manager', in: 'roster/Changes.tsx' }]],
  'users/UsersPage.tsx': [[['POST /users', ...['role', 'sites', 'password', 'disable', 'enable'].map((what) => `POST /users/{name}/${what}`)], { role: 'admin', in: 'users/UsersPage.tsx' }]],
}; // prettier-ignore

const operation = z.looseObject({ description: z.string().optional() });
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });
const { paths } = document.parse(JSON.parse(read('docs/openapi.json')));

/** The role that the server asks for; undefined: it takes the command of everyone. Throws when there is no such command. */
function roleOf(command: string): Role | undefined {
  const [method = '', where = ''] = command.split(' ');
  const description = paths[where]?.[method.toLowerCase()]?.description;
  if (description === undefined) throw new Error(`the API has no ${command}`);
  return roles.find((role) => description.startsWith(`Role: ${role} `));
}

function isGuarded(guard: Guard, needed: Role): boolean {
  if (guard === 'everyone') return false;
  // Rights and lists come from the server, which judges by the same rule as when it is asked.
  if ('right' in guard) return read(`web/${guard.in}`).includes(`useRight('${guard.right}')`);
  if ('listed' in guard) return read(`web/${guard.in}`).includes(guard.listed);
  const isEnough = roles.indexOf(guard.role) >= roles.indexOf(needed);
  if ('page' in guard)
    return (
      isEnough && new RegExp(`to: '${guard.page}'.*role: '${guard.role}'`).test(read('web/app/pages.ts'))
    );
  return isEnough && read(`web/${guard.in}`).includes(`useMay('${guard.role}')`);
}

describe('a control that acts', () => {
  it('is entered here with what keeps it from who would be refused', () => {
    const sending = readdirSync(path.join(root, 'web'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && /(api|session)\.(send|upload)\(/.test(read(`web/${file}`)))
      .filter((file) => file !== 'api/client.ts');
    expect(sending.sort()).toEqual(Object.keys(senders).sort());
  });
  it('is not shown to a role that the server would refuse', () => {
    const open = Object.entries(senders).flatMap(([file, rows]) =>
      rows.flatMap(([commands, guard]) =>
        commands.flatMap((command) => {
          const needed = roleOf(command);
          return needed === undefined || isGuarded(guard, needed) ? [] : [`${file}: ${command} needs ${needed}`];
        }),
      ),
    );
    expect(open).toEqual([]);
  });
}); // prettier-ignore
