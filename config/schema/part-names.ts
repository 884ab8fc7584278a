import type { Label } from './common.ts';
import { partTexts } from './part-texts.ts';

/** `fan-2`, `cord-1-3`, `input-4-high`. */
const numbers = /(?:-\d+)+(?=-|$)/g;
/** A phase, a feed, a rack's feed: `l1`, `b`, `a01-b`. */
const code = /^[a-z]?\d*(-[a-z]?\d*)*$/;

/** By what a part's text is found: its name without its numbers, `input-#-high`. */
export function partStem(part: string): string {
  return part.replaceAll(numbers, '-#');
}

/** A part of a device as people call it: "Kipas 2", "L1"; a name that an engineer gave is as it was written. */
export function partName(part: string): Label {
  const text = partTexts[partStem(part)];
  if (text === undefined) {
    const own = code.test(part) ? part.toUpperCase() : part;
    return { id: own, en: own };
  }
  const found = [...part.matchAll(numbers)].map(([run]) => run.slice(1));
  const filled = (template: string): string => {
    const left = [...found];
    return template.replaceAll('#', () => left.shift() ?? '');
  };
  return { id: filled(text.id), en: filled(text.en) };
}
