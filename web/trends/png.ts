interface Picture {
  readonly charts: readonly HTMLCanvasElement[];
  /** Above the charts, and below them. */
  readonly head: readonly string[];
  readonly legend: readonly { readonly text: string; readonly colour: string }[];
  readonly background: string;
  readonly colour: string;
}

const padding = 24;

/** The charts below each other with what they show in words: a picture that can be sent without the page. Null: the browser made none. */
export function composePng({ charts, head, legend, background, colour }: Picture): Promise<Blob | null> {
  const ratio = window.devicePixelRatio || 1;
  const line = 22 * ratio;
  const width = Math.max(...charts.map((chart) => chart.width)) + 2 * padding * ratio;
  const height =
    charts.reduce((sum, chart) => sum + chart.height, 0) +
    (head.length + legend.length + 1) * line +
    2 * padding * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext('2d');
  if (ctx === null) return Promise.resolve(null);
  ctx.fillStyle = background;
  ctx.fillRect(0, 0, width, height);
  ctx.font = `${15 * ratio}px 'Inter Variable', sans-serif`;
  ctx.textBaseline = 'top';
  let y = padding * ratio;
  const write = (text: string, ink: string): void => {
    ctx.fillStyle = ink;
    ctx.fillText(text, padding * ratio, y);
    y += line;
  };
  for (const text of head) write(text, colour);
  for (const chart of charts) {
    ctx.drawImage(chart, padding * ratio, y);
    y += chart.height;
  }
  y += line / 2;
  for (const { text, colour: ink } of legend) write(text, ink);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
}

/** Hands a file to the browser's downloads. */
export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
