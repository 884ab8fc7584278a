import type { ShardHourId } from './compaction.ts';

interface FailedHour extends ShardHourId {
  readonly reason: string;
  /** Monotonic. */
  readonly since: number;
}

/** Hours of a shard that could not be compacted. Their minutes stay as they came and are read from there; the hours after them go on. */
export interface FailedHours {
  add(hour: ShardHourId, reason: string): void;
  /** Those that are not tried now. */
  waiting(): ShardHourId[];
  /** It was compacted after all. */
  clear(hour: ShardHourId): void;
  /** What health shows. */
  problem(): string | undefined;
}

/** A cause that passes by itself (a full disk) must not keep an hour out for long. */
const triedAgainMs = 3_600_000;

export function createFailedHours(monotonic: () => number): FailedHours {
  const failed = new Map<string, FailedHour>();
  const keyOf = ({ hour, shard }: ShardHourId): string => `${hour} ${shard}`;
  return {
    add({ hour, shard }, reason) {
      failed.set(keyOf({ hour, shard }), { hour, shard, reason, since: monotonic() });
    },
    waiting: () =>
      [...failed.values()]
        .filter(({ since }) => monotonic() - since < triedAgainMs)
        .map(({ hour, shard }) => ({ hour, shard })),
    clear: (hour) => void failed.delete(keyOf(hour)),
    problem() {
      const [first] = failed.values();
      if (first === undefined) return undefined;
      const at = new Date(first.hour * 3_600_000).toISOString();
      return `${failed.size} hours of readings cannot be compacted and stay as they came, readable but large (the first: ${at}, shard ${first.shard}: ${first.reason}); each is tried again every hour`;
    },
  };
}
