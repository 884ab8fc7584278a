/** What a chart is told to draw. */

/** Epoch ms. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** `--chart-…` in the theme; numbers are of several lines in one chart. */
export type Colour =
  | 'line' | 'span' | 'grid' | 'text' | 'band' | 'edge' | 'mark' | 'back' | 'during'
  | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8'; // prettier-ignore
/** A limit with its words. */
export interface Level {
  readonly value: number;
  readonly text: string;
}
/** A moment with its words, epoch ms; with `until` it lasts. */
export interface Mark {
  readonly at: number;
  readonly until?: number;
  readonly text: string;
}
