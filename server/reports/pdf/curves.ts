import type { Ink, Sheet } from './sheet.ts';

export interface Curve {
  readonly name: string;
  /** Epoch ms → value. */
  readonly values: readonly (readonly [number, number])[];
}

const height = 96;
const captionHeight = 14;
const axisWidth = 46;
const inks: readonly Ink[] = ['text', 'bad', 'dim', 'line'];

/** Lines over time on one scale, with the ends of both axes written; a gap in the readings is not bridged. */
export function curves(
  sheet: Sheet,
  items: readonly Curve[],
  { title, number, right, time }: {
    readonly title: string;
    readonly number: (value: number) => string;
    /** The same value in another unit, at the right end of the scale: percent of a rating. */
    readonly right?: ((value: number) => string) | undefined;
    readonly time: (at: number) => string;
  },
): void {
  const all = items.flatMap(({ values }) => values);
  if (all.length < 2) return;
  sheet.room(height + 3 * captionHeight);
  sheet.text(title, { x: sheet.left, y: sheet.top(), width: sheet.width }, { font: 'bold', size: 8.5 });
  sheet.moveDown(captionHeight);
  const [from, to] = bounds(all.map(([at]) => at));
  const [low, high] = padded(bounds(all.map(([, value]) => value)));
  const top = sheet.top();
  const left = sheet.left + axisWidth;
  const width = sheet.width - axisWidth - (right === undefined ? 0 : axisWidth);
  const place = ([at, value]: readonly [number, number]): [number, number] => [
    left + ((at - from) / Math.max(1, to - from)) * width,
    top + height - ((value - low) / (high - low)) * height,
  ];
  for (const [value, y] of [[high, top], [low, top + height]] as const) {
    sheet.line([left, y], [left + width, y], 'line');
    sheet.text(number(value), { x: sheet.left, y: y - 4, width: axisWidth - 6 }, { size: 7, color: 'dim', align: 'right' });
    if (right !== undefined) sheet.text(right(value), { x: left + width + 6, y: y - 4, width: axisWidth - 6 }, { size: 7, color: 'dim' });
  }
  items.forEach(({ values }, index) => {
    const gapMs = 4 * ((to - from) / Math.max(1, values.length));
    values.forEach((here, step) => {
      const before = values[step - 1];
      if (before !== undefined && here[0] - before[0] <= Math.max(gapMs, 30_000))
        sheet.line(place(before), place(here), inks[index % inks.length]);
    });
  });
  sheet.moveDown(height + 4);
  const half = width / 2;
  sheet.text(time(from), { x: left, y: sheet.top(), width: half }, { size: 7, color: 'dim' });
  sheet.text(time(to), { x: left + half, y: sheet.top(), width: half }, { size: 7, color: 'dim', align: 'right' });
  sheet.moveDown(captionHeight - 3);
  let x = left;
  items.forEach(({ name }, index) => {
    sheet.line([x, sheet.top() + 5], [x + 12, sheet.top() + 5], inks[index % inks.length]);
    const wide = sheet.widthOf(name, { size: 7 }) + 4;
    sheet.text(name, { x: x + 15, y: sheet.top(), width: wide }, { size: 7 });
    x += wide + 27;
  });
  sheet.moveDown(captionHeight + 6);
} // prettier-ignore

function bounds(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
} // prettier-ignore

function padded([low, high]: readonly [number, number]): [number, number] {
  return high > low ? [low, high] : [low - 1, high + 1];
}
