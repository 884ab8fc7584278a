import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import { serverOwner } from '../../config/build/paging.ts';
import type { PersonEntry } from '../../config/schema/people.ts';
import { trialRule } from '../../config/schema/trial.ts';
import type { Clock } from '../../core/clock.ts';
import { good, type ReadingSink } from '../../core/reading.ts';
import { repeat } from '../../core/repeat.ts';
import type { EscalationPlan } from '../people/roster.ts';
import type { ChannelDriver } from './channel.ts';

/** Whom the trial alarm is told to, and how: nobody, by a channel that ends here. */
export const trialPerson: PersonEntry = { person: 'pantau', name: 'Pantau', language: 'id' };
export const trialPlan: EscalationPlan = {
  steps: [{ afterMs: 0, recipients: [{ person: trialPerson.person, channels: ['test'] }] }],
  nextChannelAfterMs: 60_000,
  repeatEveryMs: 86_400_000,
};

/** Soon after the start, when the stores are open and the first values are there; then every hour. */
const firstAfterMs = 60_000;
const everyMs = 3_600_000;
/** What takes longer has not got through. */
const patienceMs = 60_000;

export interface Trial {
  /** Channel `test`. */
  readonly driver: ChannelDriver;
  /** When it last got through, epoch ms; null: not since the start. */
  passedAt(): number | null;
  /** Since it last got through, or since the start. */
  ageMs(): number;
  /** Why the last one did not get through. */
  failure(): string | undefined;
  /** The same, or why there is none. */
  problem(): string | undefined;
  /** Raises the trial alarm now and resolves once it got through or failed. */
  run(parts: TrialParts): Promise<void>;
  /** Runs it every hour from now on. */
  start(parts: TrialParts): { close(): Promise<void> };
}

/** What the trial goes through, from one end to the other. */
interface TrialParts {
  readonly accept: ReadingSink;
  readonly incidents: {
    trials(): readonly string[];
    acknowledge(id: string, actor: string): Promise<unknown>;
    forgetTrials(): Promise<void>;
  };
}

/**
 * An alarm that proves the whole way: a reading is accepted, judged, becomes an incident and a message, and is taken by a channel. Nobody is
 * paged and no list has it. What hangs anywhere on the way makes its age grow.
 */
export function createTrial(options: {
  readonly model: Pick<Model, 'sites' | 'pointById' | 'rules'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'error'>;
}): Trial {
  const { model, clock, log } = options;
  const [site] = model.sites;
  const point = model.pointById.get(`${site?.id}/${serverOwner}/${trialRule}`);
  const isPossible = point !== undefined && model.rules.some(({ rule }) => rule === trialRule);
  let arrived: (() => void) | undefined;
  let passed: { readonly at: number; readonly monotonic: number } | null = null;
  let failure: string | undefined;
  const begunAt = clock.monotonic();

  function say(accept: ReadingSink, value: number): void {
    if (point !== undefined) accept([{ point: point.index, at: clock.now(), value, quality: good }]);
  }

  async function run({ accept, incidents }: TrialParts): Promise<void> {
    if (!isPossible) return;
    await incidents.forgetTrials();
    const waiting = new AbortController();
    const through = new Promise<boolean>((resolve) => {
      arrived = () => resolve(true);
      void clock.sleep(patienceMs, waiting.signal).then(() => resolve(false));
    });
    try {
      say(accept, 1);
      const isThrough = await through;
      failure = isThrough ? undefined : `the trial alarm did not become a message within ${patienceMs / 1_000} s`;
      if (isThrough) passed = { at: clock.now(), monotonic: clock.monotonic() };
    } finally {
      arrived = undefined;
      waiting.abort();
      await Promise.all(incidents.trials().map((id) => incidents.acknowledge(id, 'pantau')));
      say(accept, 0);
    }
  } // prettier-ignore

  return {
    driver: {
      send(_person, { isNews }) {
        // That the trial before is over may come late.
        if (isNews) arrived?.();
        return Promise.resolve('arrived');
      },
      close: () => undefined,
    },
    passedAt: () => passed?.at ?? null,
    ageMs: () => clock.monotonic() - (passed?.monotonic ?? begunAt),
    failure: () => failure,
    problem: () =>
      failure ??
      (isPossible ? undefined : `there is no rule "${trialRule}": the shipped rules/network.yaml has it`),
    run,
    start(parts) {
      const trying = repeat(clock, { everyMs, firstAfterMs }, () =>
        run(parts).catch((error: unknown) => {
          failure = error instanceof Error ? error.message : String(error);
          log.error({ err: error }, 'the trial of the paging path failed');
        }),
      );
      return {
        async close() {
          const closed = trying.close();
          // One that is under way waits for a message that may not come any more.
          arrived?.();
          await closed;
        },
      };
    },
  };
}
