import { paragraph } from './blocks.ts';
import type { Sheet, Style } from './sheet.ts';

export interface Column {
  readonly title: string;
  /** Share of the width, relative to the other columns'. */
  readonly share: number;
  readonly align?: 'left' | 'right';
}

/** Text, or text in another style: a verdict, a point's id. */
export type Cell = string | ({ readonly text: string } & Pick<Style, 'font' | 'size' | 'color'>);

const padding = { x: 4, y: 3 };
const headStyle = { font: 'bold', size: 8 } as const;
const size = 8.5;

/** A row stays on one page; the head is repeated on each. Long words without a space are broken, so nothing is clipped. */
export function table(sheet: Sheet, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x = sheet.left;
  const places = columns.map((column) => {
    const width = (column.share / shares) * sheet.width;
    const place = { ...column, x: x + padding.x, width: width - 2 * padding.x };
    x += width;
    return place;
  });

  const titles = columns.map(({ title }) => title);
  const lay = (cells: readonly Cell[], base: Style) => {
    const laid = places.map((place, at) => {
      const cell = cells[at] ?? '';
      const { text, ...own } = typeof cell === 'string' ? { text: cell } : cell;
      const style = { ...base, ...own, align: place.align ?? 'left' } as const;
      const broken = breakWords(sheet, text, { width: place.width, style });
      return { place, style, text: broken, height: sheet.heightOf(broken, place.width, style) };
    });
    return { laid, height: Math.max(...laid.map((each) => each.height)) + 2 * padding.y };
  };
  const draw = ({ laid, height }: ReturnType<typeof lay>, isHead: boolean): void => {
    const y = sheet.top();
    if (isHead) sheet.rect({ x: sheet.left, y, width: sheet.width, height }, 'shade');
    for (const { place, style, text } of laid)
      sheet.text(text, { x: place.x, y: y + padding.y, width: place.width }, style);
    sheet.line([sheet.left, y + height], [sheet.left + sheet.width, y + height]);
    sheet.moveDown(height);
  };

  const head = lay(titles, headStyle);
  const [first] = rows;
  // The head is not left alone at the foot of a page.
  sheet.room(head.height + (first === undefined ? 0 : lay(first, { size }).height));
  draw(head, true);
  for (const cells of rows) {
    const row = lay(cells, { size });
    if (sheet.room(row.height)) draw(head, true);
    draw(row, false);
  }
  sheet.moveDown(6);
}

/** A table, or a line where there is nothing to list. */
export function tableOrNone(
  sheet: Sheet,
  { columns, rows, none }: { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[]; readonly none: string },
): void {
  if (rows.length === 0) paragraph(sheet, none);
  else table(sheet, columns, rows);
} // prettier-ignore

/** Ids have no spaces: broken after a slash, a hyphen or an @, else anywhere, where they are wider than the column. */
function breakWords(
  sheet: Sheet,
  text: string,
  { width, style }: { readonly width: number; readonly style: Style },
): string {
  return text
    .split(' ')
    .map((word) => (sheet.widthOf(word, style) <= width ? word : pieces(word).reduce(fit, '')))
    .join(' ');

  function fit(done: string, piece: string): string {
    const line = done.slice(done.lastIndexOf('\n') + 1);
    if (sheet.widthOf(line + piece, style) <= width) return done + piece;
    const start = line === '' ? done : `${done}\n`;
    if (sheet.widthOf(piece, style) <= width) return start + piece;
    return Array.from(piece).reduce((sum, letter) => fit(sum, letter), start);
  }
}

function pieces(word: string): string[] {
  return word.split(/(?<=[/@-])/);
}
