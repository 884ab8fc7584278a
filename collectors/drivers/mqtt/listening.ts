import type { Logger } from 'pino';
import type { Device } from '../../../config/model.ts';
import { createCounters, toReadings } from '../../profile/decode.ts';
import { createPlausibility } from '../../profile/plausibility.ts';
import { createWatch, type DeviceWatch } from '../../poller/watch.ts';
import { qualityCode, type Reading } from '../../../core/reading.ts';
import type { Instant } from '../../../core/clock.ts';
import { createClockGauge, heldAt } from '../../../core/source-clock.ts';
import type { RawValue } from '../driver.ts';

/** One device that speaks by itself: when it last sent something, and that it is lost when silent for too long. */
export interface Listening {
  readonly watch: DeviceWatch;
  /** ReceivedTrap within the time after which it is lost. */
  isFresh(now: Instant): boolean;
  /** Readings of what a message held, at times that can be right; what is no value is counted. `isPast`: the message is not about now. */
  decode(raws: readonly RawValue[], now: Instant, isPast?: boolean): Reading[];
  /** Nothing was received yet, and the wait for it begins. */
  begin(now: Instant): void;
  /** It is there: news of now. The link follows where that is a change. */
  receive(now: Instant): Reading[];
  /** It announced that it is offline; `points` and link follow at once. */
  leave(why: string, now: Instant): Reading[];
  /**
   * Of one tick: lost if silent, and the link in its turn, so that it never goes stale while this collector lives.
   * @param trouble why nothing comes of its broker
   */
  sweep(now: Instant, trouble: () => string | undefined): readonly Reading[];
  /** The broker will not let us read this topic. */
  refuse(topic: string): void;
  /** Of a topic that brings events: what was wrong with the last message, if anything was. Logs edges. */
  eventTrouble(what: string | undefined): void;
  /** So many messages of one tick were too many. */
  surplus(count: number): void;
}

/** Sees raw values beside the readings they became, place by place. */
export type OnDecoded = (raws: readonly RawValue[], readings: readonly Reading[]) => void;

interface Options {
  readonly silentAfterMs: number;
  readonly log: Logger;
  readonly onDecoded?: OnDecoded | undefined;
}

export function createListening(device: Device, { silentAfterMs, log, onDecoded }: Options): Listening {
  const watch = createWatch(device, log);
  const counters = createCounters();
  const gauge = createClockGauge();
  const plausibility = createPlausibility(device);
  let heardAt = 0;
  let linkAt = -Infinity;
  let refused: string | undefined;
  let flooding = false;
  let badEvents = false;

  function link(now: Instant): Reading[] {
    const reading = watch.linkReading(now.at);
    if (reading === undefined) return [];
    linkAt = now.monotonic;
    return [reading];
  }

  /** Under times that can be right. What is live shows the clock of the device; one time stands for a message. */
  function timed(raws: readonly RawValue[], now: Instant, isPast: boolean): readonly RawValue[] {
    if (raws.every(({ at }) => at === undefined)) return raws;
    const newest = raws.reduce((latest, { at }) => Math.max(latest, at ?? -Infinity), -Infinity);
    if (!isPast) watch.clock(gauge.observe(newest, now));
    let undated = 0;
    const held = raws.flatMap((raw) => {
      if (raw.at === undefined) return [raw];
      const at = heldAt(raw.at, { now: now.at, isPast });
      if (at === undefined) undated += 1;
      return at === undefined ? [] : [{ ...raw, at }];
    });
    if (undated > 0)
      watch.decodeErrors(undated, `${undated} values of the past without a time that can be right`);
    return held;
  }

  return {
    watch,
    isFresh: (now) => watch.presence.state === 'ok' && now.monotonic - heardAt <= silentAfterMs,
    decode(told, now, isPast = false) {
      const raws = timed(told, now, isPast);
      const { readings, decodeErrors } = toReadings(raws, now.at, counters);
      watch.decodeErrors(decodeErrors, `${decodeErrors} values of a message could not be decoded`);
      const marked = isPast ? readings : [...plausibility.mark(readings)];
      const implausible = plausibility.note();
      if (implausible !== undefined) watch.note(implausible);
      onDecoded?.(raws, marked);
      return marked;
    },
    begin(now) {
      heardAt = now.monotonic;
    },
    receive(now) {
      const before = watch.presence.state;
      heardAt = now.monotonic;
      watch.count('polls');
      watch.answer(now.at);
      return before === 'ok' ? [] : link(now);
    },
    leave(why, now) {
      watch.lose(why);
      return link(now);
    },
    sweep(now, troubleNow) {
      const edge = now.monotonic - heardAt > silentAfterMs && watch.presence.state !== 'lost';
      if (edge) {
        const trouble = troubleNow();
        watch.count('timeouts');
        const why = refused ?? (trouble === undefined ? undefined : awayText(trouble));
        watch.lose(`silent for more than ${silentAfterMs / 1_000} s${why === undefined ? '' : `; ${why}`}`);
      }
      return edge || now.monotonic - linkAt >= device.link.intervalMs ? link(now) : nothing;
    },
    refuse(topic) {
      refused = `the broker refuses the subscription to ${topic}`;
      watch.note(refused);
    },
    eventTrouble(what) {
      if (what !== undefined && !badEvents)
        log.error(
          { device: device.key, what },
          'events of a device cannot be read; the messages are dropped or incomplete',
        );
      badEvents = what !== undefined;
    },
    surplus(count) {
      if (count > 0) {
        watch.count('skipped', count);
        const what = `${count} messages too many in one second: only the newest of each topic were read`;
        watch.note(what);
        if (!flooding) log.warn({ device: device.key }, `device floods: ${what}`);
      } else if (flooding) log.info({ device: device.key }, 'device floods no more');
      flooding = count > 0;
    },
  };
}

const nothing: readonly Reading[] = [];

/** Why nothing comes of any device of a broker. */
export function awayText(trouble: string): string {
  return `the broker is away: ${trouble}`;
}

/** All values of a device that says it is gone. */
export function disconnected(device: Device, now: Instant): Reading[] {
  return device.points.map((point) => ({
    point: point.index,
    at: now.at,
    value: Number.NaN,
    quality: qualityCode('disconnected'),
  }));
}
