import { z } from 'zod';
import { personNames } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import { priority } from '../../../config/schema/common.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import { answerView, proofView, type MissedView } from '../../contracts/on-call.ts';
import { verdict } from '../../people/prover.ts';
import type { Missed } from '../../people/roster.ts';
import type { RosterService } from '../../people/service.ts';
import type { RosterWatch } from '../../people/watch.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { notFound } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';
import { checkSiteFilter } from '../known.ts';

const answerQuery = z.strictObject({
  at: queryInstant.optional(),
  site: z.string().min(1).max(100),
  priority: priority.default('P1'),
});

export interface RosterProofServices {
  readonly model: Model;
  readonly clock: Clock;
  readonly roster: RosterService;
  readonly rosterWatch: RosterWatch;
}

/** Will tonight's P1 reach somebody? */
export function rosterProofEndpoints({ model, clock, roster, rosterWatch }: RosterProofServices): Endpoint[] {
  const nameOf = personNames(model.people);
  const missed = ({ target, person, why, obstacles }: Missed): MissedView => ({
    target, person, why,
    name: person === null ? null : nameOf(person),
    obstacles: obstacles.map((each) => ({ ...each })),
  }); // prettier-ignore

  return [
    endpoint({
      method: 'get',
      path: '/on-call/at',
      role: 'wall',
      summary: 'Whom an incident that is opened at a moment (default now) at a site would be told to, by which channels, and who would be missed and why',
      input: { query: answerQuery },
      output: answerView,
      handler({ query: { at = clock.now(), site, priority: wanted } }) {
        checkSiteFilter(site, model);
        const steps = roster.answer({ site, priority: wanted, at });
        return {
          at: iso(at),
          site,
          priority: wanted,
          verdict: steps.length === 0 ? ('not-paged' as const) : verdict(steps),
          steps: steps.map(({ afterMs, recipients, missed: others }) => ({
            afterMs,
            at: iso(at + afterMs),
            recipients: recipients.map(({ person, channels }) => ({ person, name: nameOf(person), channels: [...channels] })),
            missed: others.map(missed),
          })),
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/on-call/proof',
      role: 'wall',
      summary: 'Whether a P1 and a P2 would reach somebody at every moment of the next 30 days; 404 without people.yaml',
      input: {},
      output: proofView,
      handler() {
        const proof = rosterWatch.proof();
        if (proof === undefined) throw notFound('there is no people.yaml: nobody is paged');
        const { from, to, checkedAt, instants, assumed, holes } = proof;
        return {
          from: iso(from), to: iso(to), checkedAt: iso(checkedAt), instants, assumed,
          holes: holes.map((hole) => ({
            ...hole,
            from: iso(hole.from),
            to: iso(hole.to),
            reasons: hole.reasons.map(missed),
          })),
        };
      },
    }),
  ];
} // prettier-ignore
