import { createRequire } from 'node:module';
import { shownBy, type Shown } from './glyphs.ts';

const require = createRequire(import.meta.url);

/** DejaVu has every letter and sign that the product writes (≤, ≥, °, –); the standard fonts of PDF have not. Embedded. */
const files = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
} as const;

export type Font = keyof typeof files;

/** What each font can show of a text. */
export function shownFonts(): Readonly<Record<Font, Shown>> {
  return { regular: shownBy(files.regular), bold: shownBy(files.bold) };
}

export function registerFonts(doc: PDFKit.PDFDocument): void {
  for (const [name, file] of Object.entries(files)) doc.registerFont(name, file);
}
