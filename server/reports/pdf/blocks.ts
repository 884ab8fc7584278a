import type { Ink, Sheet } from './sheet.ts';

/** `keep`: some lines of what follows stay with it; below a section's heading that may be another heading with its own lines. */
const headings = {
  1: { size: 17, before: 0, after: 6, keep: 84 },
  2: { size: 12.5, before: 14, after: 5, keep: 114 },
  3: { size: 10, before: 10, after: 3, keep: 84 },
} as const;

export function heading(sheet: Sheet, level: 1 | 2 | 3, text: string): void {
  const { size, before, after, keep } = headings[level];
  const style = { font: 'bold', size } as const;
  const height = sheet.heightOf(text, sheet.width, style);
  if (!sheet.room(before + height + after + keep)) sheet.moveDown(before);
  sheet.text(text, { x: sheet.left, y: sheet.top(), width: sheet.width }, style);
  sheet.moveDown(height + after);
}

/** A paragraph that is longer than a page is no text of a report: it is put on a page of its own and cut by the reader. */
export function paragraph(
  sheet: Sheet,
  text: string,
  { color = 'text', bold = false }: { readonly color?: Ink; readonly bold?: boolean } = {},
): void {
  const style = { color, font: bold ? 'bold' : 'regular' } as const;
  const height = sheet.heightOf(text, sheet.width, style);
  sheet.room(height);
  sheet.text(text, { x: sheet.left, y: sheet.top(), width: sheet.width }, style);
  sheet.moveDown(height + 5);
}

/** Names on the left, what they are on the right; a few, which stay together. */
export function facts(sheet: Sheet, rows: readonly (readonly [name: string, text: string])[]): void {
  const nameWidth = Math.min(
    sheet.width / 3,
    Math.max(...rows.map(([name]) => sheet.widthOf(name, { color: 'dim' }))) + 16,
  );
  const textWidth = sheet.width - nameWidth;
  const heights = rows.map(([name, text]) =>
    Math.max(sheet.heightOf(name, nameWidth - 8), sheet.heightOf(text, textWidth)),
  );
  sheet.room(heights.reduce((sum, height) => sum + height + 2, 0));
  rows.forEach(([name, text], place) => {
    const height = heights[place] ?? 0;
    const y = sheet.top();
    sheet.text(name, { x: sheet.left, y, width: nameWidth - 8 }, { color: 'dim' });
    sheet.text(text, { x: sheet.left + nameWidth, y, width: textWidth });
    sheet.moveDown(height + 2);
  });
  sheet.moveDown(4);
}
