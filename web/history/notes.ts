import type uPlot from 'uplot';

type Colour = 'line' | 'span' | 'grid' | 'text' | 'band' | 'edge' | 'mark' | 'back';
/** Of the theme as it is when the chart is drawn. */
export type Colours = (name: Colour) => string;

interface Notes {
  readonly levels: readonly { readonly value: number; readonly text: string }[];
  /** Epoch ms. */
  readonly marks: readonly { readonly at: number; readonly text: string }[];
  readonly font: string;
  readonly colours: Colours;
}

/** Limits and moments with their words, over the curve. */
export function drawNotes(plot: uPlot, { levels, marks, font, colours }: Notes): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  const ratio = bbox.width / plot.over.clientWidth || 1;
  ctx.font = font.replace(/^[\d.]+/, (px) => String(Number(px) * ratio));
  const gap = 5 * ratio;
  const lineHeight = parseFloat(ctx.font) * 1.3;
  ctx.lineWidth = 1.5 * ratio;
  for (const { value, text } of levels) {
    const y = plot.valToPos(value, 'y', true);
    if (y < bbox.top || y > bottom) continue;
    ctx.strokeStyle = colours('mark');
    ctx.setLineDash([8 * ratio, 5 * ratio]);
    line(ctx, { x: bbox.left, y }, { x: right, y });
    ctx.textAlign = 'left';
    // Under the line where there is no room above it.
    const base = y - lineHeight < bbox.top ? y + lineHeight : y - gap;
    word(ctx, text, { x: bbox.left + gap, y: base }, colours);
  }
  ctx.setLineDash([]);
  for (const [place, { at, text }] of marks.entries()) {
    const x = plot.valToPos(at / 1_000, 'x', true);
    if (x < bbox.left || x > right) continue;
    ctx.strokeStyle = colours('mark');
    line(ctx, { x, y: bbox.top }, { x, y: bottom });
    const fitsRight = x + gap + ctx.measureText(text).width < right;
    ctx.textAlign = fitsRight ? 'left' : 'right';
    // Each on a line of its own: what happened within a minute must not be written over each other.
    word(ctx, text, { x: fitsRight ? x + gap : x - gap, y: bottom - gap - place * lineHeight }, colours);
  }
  ctx.restore();
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function line(ctx: CanvasRenderingContext2D, from: Place, to: Place): void {
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
}

/** With a rim of the ground's colour, readable over any curve. */
function word(ctx: CanvasRenderingContext2D, text: string, { x, y }: Place, colours: Colours): void {
  const { lineWidth, strokeStyle } = ctx;
  ctx.lineWidth = lineWidth * 3;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colours('back');
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colours('line');
  ctx.fillText(text, x, y);
  ctx.lineWidth = lineWidth;
  ctx.strokeStyle = strokeStyle;
}
