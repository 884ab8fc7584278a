import type { Priority } from '../../config/schema/common.ts';

interface Tone {
  readonly hz: number;
  readonly atMs: number;
  readonly forMs: number;
}

interface Pattern {
  readonly tones: readonly Tone[];
  /** The whole is repeated this often until somebody acknowledges. */
  readonly everyMs: number;
}

const pulses = (count: number, hz: readonly number[]): Tone[] =>
  Array.from({ length: count }, (_, place) => ({
    hz: hz[place % hz.length] ?? 0,
    atMs: place * 220,
    forMs: 170,
  }));

/** Told apart without looking: a P1 does not let go, a P3 only reminds. What is less urgent makes no sound. */
export const patterns: Readonly<Record<Priority, Pattern | null>> = {
  P1: { tones: pulses(6, [988, 740]), everyMs: 3_000 },
  P2: { tones: pulses(2, [740, 622]), everyMs: 10_000 },
  P3: { tones: pulses(1, [523]), everyMs: 60_000 },
  P4: null,
  P5: null,
};

/** As much of WebAudio as the sound needs. */
export interface Speaker {
  /** False until the browser allows sound: it wants a click first. */
  isAllowed(): boolean;
  /** After a click. */
  allow(): Promise<void>;
  play(tone: Tone): void;
}

export interface AlarmSound {
  /** What sounds from now on; null: nothing. The same again changes nothing. */
  set(priority: Priority | null): void;
  /** Once, whatever sounds. */
  test(priority: Priority): void;
  stop(): void;
}

export function createAlarmSound(
  speaker: Speaker,
  every: (ms: number, work: () => void) => () => void,
): AlarmSound {
  let sounding: Priority | null = null;
  let end: (() => void) | undefined;

  function play(priority: Priority): void {
    if (!speaker.isAllowed()) return;
    for (const tone of patterns[priority]?.tones ?? []) speaker.play(tone);
  }

  function stop(): void {
    end?.();
    end = undefined;
    sounding = null;
  }

  return {
    set(priority) {
      if (priority === sounding) return;
      stop();
      const pattern = priority === null ? null : patterns[priority];
      if (priority === null || pattern === null) return;
      sounding = priority;
      play(priority);
      end = every(pattern.everyMs, () => {
        play(priority);
      });
    },
    test: play,
    stop,
  };
}
