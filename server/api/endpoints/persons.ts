import type { Model } from '../../../config/model.ts';
import { ErasureRefused, type PersonService } from '../../access/persons/service.ts';
import type { PersonalRetention } from '../../access/persons/retention.ts';
import { sameIdentity } from '../../access/persons/subject.ts';
import {
  erasureView,
  personExport,
  personInput,
  retentionView,
  type PersonInput,
} from '../../contracts/persons.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';
import { rightsGuard } from '../rights.ts';

export interface PersonServices {
  readonly persons: PersonService;
  readonly personalRetention: Pick<PersonalRetention, 'view'>;
  readonly model: Model;
}

/** What UU 27/2022 gives the persons on tickets. The number is in the body, so that it is in no address, log or audit entry. */
export function personEndpoints({ persons, personalRetention, model }: PersonServices): Endpoint[] {
  const mustHold = rightsGuard(model);
  return [
    endpoint({
      method: 'get',
      path: '/persons/retention',
      role: 'manager',
      summary: 'How long personal data is kept, by which rule, and what was erased last because it was older',
      input: {},
      output: retentionView,
      handler: () => personalRetention.view(),
    }),
    endpoint({
      method: 'post',
      path: '/persons/export',
      role: 'manager',
      summary:
        'Everything that is held about one person (UU 27/2022); recorded as a look-up (right "see-identities")',
      input: { body: personInput },
      output: personExport,
      heavy: true,
      async handler({ body, user }) {
        mustHold(user, 'see-identities');
        checkReason(body);
        const held = await persons.export(body, { actor: user.name, reason: body.reason });
        if (held === undefined) throw notHeld();
        return held;
      },
    }),
    endpoint({
      method: 'post',
      path: '/persons/erase',
      role: 'manager',
      summary:
        'Erase what is held about one person whose tickets are over (UU 27/2022); proofs of the log stay (right "see-identities")',
      input: { body: personInput },
      output: erasureView,
      heavy: true,
      async handler({ body, user }) {
        mustHold(user, 'see-identities');
        checkReason(body);
        try {
          const erased = await persons.erase(body, { actor: user.name, reason: body.reason });
          if (erased === undefined) throw notHeld();
          return erased;
        } catch (error) {
          if (error instanceof ErasureRefused) throw conflict(error.message);
          throw error;
        }
      },
    }),
  ];
}

const notHeld = () =>
  notFound('nothing is held about this person; look whether the number or address is complete');

/** The reason is kept for good. */
function checkReason({ identity, email, reason }: PersonInput): void {
  const isRepeated =
    (identity !== undefined && sameIdentity(reason).includes(sameIdentity(identity))) ||
    (email !== undefined && reason.toLowerCase().includes(email.toLowerCase()));
  if (isRepeated)
    throw badInput('body.reason', 'is kept for good and must not repeat the identity or the address');
}
