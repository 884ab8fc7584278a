import Document from 'pdfkit';
import { registerFonts, shownFonts, type Font } from './fonts.ts';

/** Points; A4 upright. */
const margin = { top: 64, bottom: 56, side: 48 };

/** Black on white, one grey for what matters less, one tone for what is wrong: it is printed without colours too. */
const ink = {
  text: '#16181b',
  dim: '#5c646d',
  line: '#c3c8ce',
  shade: '#f0f2f4',
  bad: '#a32100',
} as const;
export type Ink = keyof typeof ink;

export interface SheetOptions {
  readonly title: string;
  readonly language: 'id' | 'en';
  /** Shown at the top of every page beside the title, e.g. the month. */
  readonly subtitle: string;
  /** Shown at the top of every page where it must not be overlooked: SIMULASI. */
  readonly mark?: string | undefined;
  /** Bottom left of every page. */
  readonly footer: string;
  /** `Halaman 1 dari 5` */
  readonly pageText: (page: number, of: number) => string;
  /** When it was made. */
  readonly at: Date;
  /** PDF/A-3b: for archives, with files inside. */
  readonly isArchive?: boolean;
}

export interface Style {
  readonly font?: Font;
  readonly size?: number;
  readonly color?: Ink;
  readonly align?: 'left' | 'right';
}

/** Pages that are written from top to bottom. Blocks (`blocks.ts`, `table.ts`, `bars.ts`) ask for room and move the place on. */
export interface Sheet {
  readonly left: number;
  readonly width: number;
  /** Where the next block begins. */
  top(): number;
  /** Makes sure that a block of this height fits; begins a page when it does not. True: a page was begun. */
  room(height: number): boolean;
  moveDown(height: number): void;
  newPage(): void;
  /** Height of a text when it is wrapped to a width. */
  heightOf(text: string, width: number, style?: Style): number;
  widthOf(text: string, style?: Style): number;
  /** Does not move the place on. */
  text(text: string, box: { readonly x: number; readonly y: number; readonly width: number }, style?: Style): void;
  line(from: readonly [number, number], to: readonly [number, number], color?: Ink): void;
  rect(box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, color: Ink): void;
  /** Puts a file into the document. */
  attach(file: { readonly name: string; readonly type: string; readonly bytes: Buffer; readonly description: string }): void;
  /** Adds heads, footers and page numbers; the whole file. */
  finish(): Promise<Uint8Array>;
} // prettier-ignore

const usual = { font: 'regular', size: 9, color: 'text', align: 'left' } as const;
const lineGap = 1.5;

export function createSheet(options: SheetOptions): Sheet {
  const doc = new Document({
    size: 'A4',
    margins: { top: margin.top, bottom: margin.bottom, left: margin.side, right: margin.side },
    bufferPages: true,
    ...(options.isArchive === true ? { subset: 'PDF/A-3b' as const, pdfVersion: '1.7' as const } : {}),
    lang: options.language,
    displayTitle: true,
    info: {
      Title: `${options.title} – ${options.subtitle}`,
      Producer: 'Pantau DC',
      Creator: 'Pantau DC',
      CreationDate: options.at,
      ModDate: options.at,
    },
  });
  registerFonts(doc);
  const shown = shownFonts();
  const chunks: Buffer[] = [];
  const ended = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  const width = doc.page.width - 2 * margin.side;
  const bottom = doc.page.height - margin.bottom;
  let y = margin.top;

  function use({ font = usual.font, size = usual.size, color = usual.color }: Style = {}): void {
    doc.font(font).fontSize(size).fillColor(ink[color]);
  }

  function written(text: string, { font = usual.font }: Style = {}): string {
    return shown[font](text);
  }

  function newPage(): void {
    doc.addPage();
    y = margin.top;
  }

  const sheet: Sheet = {
    left: margin.side,
    width,
    top: () => y,
    newPage,
    room(height) {
      if (y + height <= bottom || y === margin.top) return false;
      newPage();
      return true;
    },
    moveDown(height) {
      y += height;
    },
    heightOf(text, boxWidth, style) {
      use(style);
      return doc.heightOfString(written(text, style), { width: boxWidth, lineGap });
    },
    widthOf(text, style) {
      use(style);
      return doc.widthOfString(written(text, style));
    },
    text(text, { x, y: at, width: boxWidth }, style = {}) {
      use(style);
      doc.text(written(text, style), x, at, { width: boxWidth, lineGap, align: style.align ?? usual.align });
    },
    line([fromX, fromY], [toX, toY], color = 'line') {
      doc.moveTo(fromX, fromY).lineTo(toX, toY).lineWidth(0.5).strokeColor(ink[color]).stroke();
    },
    rect({ x, y: at, width: boxWidth, height }, color) {
      doc.rect(x, at, boxWidth, height).fill(ink[color]);
    },
    attach({ name, type, bytes, description }) {
      // PDF/A-3 asks for the relationship; the types of the library do not know it.
      const file = {
        name,
        type,
        description,
        relationship: 'Data',
        creationDate: options.at,
        modifiedDate: options.at,
      };
      doc.file(bytes, file);
    },
    finish() {
      const { start, count } = doc.bufferedPageRange();
      for (let page = start; page < start + count; page += 1) {
        doc.switchToPage(page);
        // What lies outside the margins would begin another page.
        doc.page.margins = { top: 0, bottom: 0, left: margin.side, right: margin.side };
        frame(page - start + 1, count);
      }
      doc.end();
      return ended;
    },
  };

  /** Head and footer of the page that is written to. */
  function frame(page: number, of: number): void {
    const right = margin.side + width;
    const headY = 28;
    const markWidth = options.mark === undefined ? 0 : sheet.widthOf(options.mark, { font: 'bold' }) + 12;
    sheet.text(`${options.title} · ${options.subtitle}`, { x: margin.side, y: headY, width: width - markWidth }, { size: 8, color: 'dim' });
    if (options.mark !== undefined)
      sheet.text(options.mark, { x: right - markWidth, y: headY, width: markWidth }, { font: 'bold', align: 'right', color: 'bad' });
    sheet.line([margin.side, headY + 16], [right, headY + 16]);
    const footY = doc.page.height - 36;
    sheet.line([margin.side, footY - 6], [right, footY - 6]);
    sheet.text(options.footer, { x: margin.side, y: footY, width: width - 110 }, { size: 7.5, color: 'dim' });
    sheet.text(options.pageText(page, of), { x: right - 110, y: footY, width: 110 }, { size: 7.5, color: 'dim', align: 'right' });
  } // prettier-ignore

  return sheet;
}
