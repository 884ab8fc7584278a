import type { Model } from '../../config/model.ts';
import { rights, type Right } from '../../config/schema/people.ts';
import type { Person } from '../auth/identity.ts';
import { ProblemError } from '../http/problem.ts';
import { rightsOf } from '../incidents/rights.ts';

/** Refuses whoever does not hold the right. */
export function rightsGuard(model: Model): (user: Person, right: Right) => void {
  return (user, right) => {
    if (rightsOf(model.people?.persons ?? [], user, rights).includes(right)) return;
    throw new ProblemError(403, {
      detail: `needs role admin, or the right "${right}" in people.yaml; ${user.name} has neither`,
    });
  };
}
