import { create } from 'qrcode';
import type { Sheet } from './sheet.ts';

/** White around the code, in modules: readers need four (ISO/IEC 18004). */
const quiet = 4;

/** A QR code of `size` points, drawn as rectangles: sharp at any scale of the print. */
export function qrCode(sheet: Sheet, text: string, size: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  sheet.room(size);
  const module = size / (modules.size + 2 * quiet);
  const [left, top] = [sheet.left, sheet.top()];
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) === 0) continue;
      const place = { x: left + (column + quiet) * module, y: top + (row + quiet) * module };
      sheet.rect({ ...place, width: module, height: module }, 'text');
    }
  sheet.moveDown(size + 5);
}
