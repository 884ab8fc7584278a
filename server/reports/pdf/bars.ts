import type { Sheet } from './sheet.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
}

const height = 78;
const labelHeight = 12;
const widest = 16;

/** Upright bars with the largest value written at the top; every so manieth label, so that none overlap. */
export function bars(
  sheet: Sheet,
  items: readonly Bar[],
  { format }: { readonly format: (value: number) => string },
): void {
  if (items.length === 0) return;
  sheet.room(height + labelHeight + 8);
  const most = Math.max(1, ...items.map(({ value }) => value));
  const top = sheet.top();
  const axis = Math.max(...[most, 0].map((value) => sheet.widthOf(format(value), { size: 7 }))) + 6;
  const left = sheet.left + axis;
  const step = (sheet.width - axis) / items.length;
  const barWidth = Math.min(widest, step * 0.7);
  sheet.text(format(most), { x: sheet.left, y: top, width: axis }, { size: 7, color: 'dim' });
  sheet.text(format(0), { x: sheet.left, y: top + height - 8, width: axis }, { size: 7, color: 'dim' });
  sheet.line([left, top], [sheet.left + sheet.width, top]);
  sheet.line([left, top + height], [sheet.left + sheet.width, top + height], 'dim');
  const labelWidth = Math.max(...items.map(({ label }) => sheet.widthOf(label, { size: 7 }))) + 8;
  const every = Math.max(1, Math.ceil(labelWidth / step));
  items.forEach(({ label, value }, place) => {
    const x = left + place * step;
    const tall = (value / most) * height;
    sheet.rect({ x: x + (step - barWidth) / 2, y: top + height - tall, width: barWidth, height: tall }, 'dim');
    const fits = x + labelWidth <= sheet.left + sheet.width;
    if (place % every === 0 && fits)
      sheet.text(label, { x, y: top + height + 3, width: labelWidth }, { size: 7, color: 'dim' });
  });
  sheet.moveDown(height + labelHeight + 8);
} // prettier-ignore
