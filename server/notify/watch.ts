import { serverOwner } from '../../config/build/paging.ts';
import type { Model } from '../../config/model.ts';
import { channel } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import { good, type Reading, type ReadingSink } from '../../core/reading.ts';
import { repeat } from '../../core/repeat.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Failing } from './sender.ts';
import type { NotifyService } from './service.ts';
import type { Trial } from './trial.ts';

const everyMs = 10_000;
/** A page that was slow is told of for so long. */
const slowMs = 600_000;
const msPerSecond = 1_000;

/** Makes readings of how paging does, so that rules judge it as they judge the field. */
export function watchPaging(options: {
  readonly model: Pick<Model, 'sites' | 'pointById'>;
  readonly notify: Pick<NotifyService, 'failing' | 'onHandedOver'>;
  readonly trial: Pick<Trial, 'ageMs'>;
  readonly heartbeat: Pick<Heartbeat, 'ageMs'>;
  readonly accept: ReadingSink;
  readonly clock: Clock;
}): { close(): Promise<void> } {
  const { model, notify, trial, heartbeat, accept, clock } = options;
  const [site] = model.sites;
  let slow: { readonly until: number; readonly delayMs: number }[] = [];
  notify.onHandedOver((delayMs, by) => {
    if (by === 'test') return;
    // Only what may still be the slowest later on is kept.
    const until = clock.monotonic() + slowMs;
    slow = [...slow.filter((each) => each.delayMs > delayMs && each.until > clock.monotonic()), { until, delayMs }];
  });

  function reading(name: string, valueMs: number): Reading[] {
    const point = model.pointById.get(`${site?.id}/${serverOwner}/${name}`);
    return point === undefined
      ? []
      : [{ point: point.index, at: clock.now(), value: Math.round(valueMs) / msPerSecond, quality: good }];
  }

  function failedForMs(failing: Failing | undefined): number {
    return failing === undefined ? 0 : clock.monotonic() - failing.since;
  }

  return repeat(clock, { everyMs }, () => {
    const failing = notify.failing();
    slow = slow.filter(({ until }) => until > clock.monotonic());
    accept([
      ...channel.options.flatMap((each) => reading(`${each}/channel-failing`, failedForMs(failing.get(each)))),
      ...reading('heartbeat-age', heartbeat.ageMs()),
      ...reading('trial-age', trial.ageMs()),
      ...reading('page-delay', slow[0]?.delayMs ?? 0),
    ]);
  });
} // prettier-ignore
