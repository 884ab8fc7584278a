import { z } from 'zod';
import { personNames } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import { page } from '../../contracts/common.ts';
import {
  handoverSummary, handoverView, noteInput, onDutyView, signInInput, signOutInput, type HandoverView,
} from '../../contracts/handover.ts'; // prettier-ignore
import {
  HandoverRefused,
  SignerUnknown,
  type Handover,
  type HandoverService,
} from '../../people/handover.ts';
import { handoverSummaryView, handoverDetail } from '../../people/handover-view.ts';
import { onCallAt } from '../../people/on-call.ts';
import type { RosterService } from '../../people/service.ts';
import { crewAt } from '../../people/shift.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';

/** `current`: the handover of the shift that is on now. */
const params = z.strictObject({ id: z.string().min(1).max(100) });

export interface ShiftServices {
  readonly model: Model;
  readonly clock: Clock;
  readonly roster: RosterService;
  readonly handovers: HandoverService;
}

/** Who is on duty, and the handover of each shift to the next. */
export function shiftEndpoints({ model, clock, roster, handovers }: ShiftServices): Endpoint[] {
  const { people } = model;
  const nameOf = personNames(people);
  const context = (): Parameters<typeof handoverDetail>[1] => ({ now: clock.now(), nameOf });

  async function answer(id: string, work: Promise<Handover | undefined>): Promise<HandoverView> {
    try {
      const handover = await work;
      if (handover !== undefined) return handoverDetail(handover, context());
    } catch (error) {
      if (error instanceof HandoverRefused) throw conflict(error.message);
      if (error instanceof SignerUnknown) throw badInput('body.person', error.message);
      throw error;
    }
    throw notFound(id === 'current' ? 'nobody is on shift: people.yaml has no shifts' : `no handover ${id}`);
  }

  return [
    endpoint({
      method: 'get',
      path: '/shifts/now',
      role: 'wall',
      summary: 'Who is on call and on shift now, and how many handovers should be signed by now and are not',
      input: {},
      output: onDutyView,
      async handler() {
        const at = clock.now();
        const changes = roster.changes();
        const crew = people?.shifts === undefined ? undefined : crewAt(people.shifts, changes.timeOff, at);
        return {
          layers: (people?.onCall ?? []).map((layer) => {
            const { person } = onCallAt(layer, changes, at);
            return { name: layer.name, person: person === null ? null : nameOf(person) };
          }),
          shift:
            crew === undefined
              ? null
              : {
                  name: crew.name,
                  team: crew.teamName,
                  present: crew.present.map(nameOf),
                  off: crew.off.map(nameOf),
                  until: iso(crew.to),
                },
          lateHandovers: await handovers.late(),
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/shifts',
      role: 'viewer',
      summary: 'Shifts and whether their handover is signed, latest first',
      input: { query: z.strictObject(pageQuery) },
      output: page(handoverSummary),
      csv: true,
      async handler({ query: { cursor, limit } }) {
        const [before] = decodeCursor(cursor, z.tuple([z.int()])) ?? [];
        const rows = await handovers.list({ before, limit: limit + 1 });
        return pageOf(rows, limit, {
          view: (each) => handoverSummaryView(each, context()),
          place: ({ row }) => [row.from_at],
        });
      },
    }),
    endpoint({
      method: 'get',
      path: '/shifts/:id',
      role: 'viewer',
      summary: 'One handover (current: of the shift that is on now): what stands, what happened, the note, who signed',
      input: { params },
      output: handoverView,
      handler: ({ params: { id } }) => answer(id, handovers.get(id)),
    }),
    endpoint({
      method: 'post',
      path: '/shifts/:id/note',
      role: 'operator',
      summary: 'Replace the note of the outgoing shift; 409 once it has signed',
      input: { params, body: noteInput },
      output: handoverView,
      handler: ({ params: { id }, body: { text } }) => answer(id, handovers.note(id, text)),
    }),
    endpoint({
      method: 'post',
      path: '/shifts/:id/sign-out',
      role: 'operator',
      summary: 'The outgoing shift signs, in its last half hour or after: nothing of the note changes any more',
      input: { params, body: signOutInput },
      output: handoverView,
      handler: ({ params: { id }, body: { person }, user }) =>
        answer(id, handovers.signOut(id, { person, user: user.name })),
    }),
    endpoint({
      method: 'post',
      path: '/shifts/:id/sign-in',
      role: 'operator',
      summary: 'The incoming shift signs, after the outgoing one and by somebody else',
      input: { params, body: signInInput },
      output: handoverView,
      handler: ({ params: { id }, body: { person, remark }, user }) =>
        answer(id, handovers.signIn(id, { person, user: user.name, remark: remark === undefined || remark === '' ? null : remark })),
    }),
  ];
} // prettier-ignore
