/** A measured number beside its aim; `met` is null where there is none. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: string | null;
  readonly met: boolean | null;
}

export type Aim = { readonly atMost: number } | { readonly atLeast: number };

/** What a bench prints: lines for people as they come, or with `--json` one object at the end and nothing else. */
export interface BenchReport {
  /** For people only. */
  readonly note: (line: string) => void;
  /** `digits` after the decimal point. */
  readonly figure: (
    name: string,
    value: number,
    unit: string,
    more?: { readonly aim?: Aim; readonly digits?: number },
  ) => void;
  /** Prints the figures with `--json`: `{"figures":[{"name","value","unit","aim","met"}]}`. */
  readonly end: () => void;
}

export function createReport(
  asJson = process.argv.includes('--json'),
  write: (text: string) => void = (text) => void process.stdout.write(text),
): BenchReport {
  const figures: Figure[] = [];
  return {
    note(line) {
      if (!asJson) write(`${line}\n`);
    },
    figure(name, value, unit, { aim, digits = 0 } = {}) {
      const rounded = Number(value.toFixed(digits));
      const figure: Figure = {
        name,
        value: rounded,
        unit,
        aim: aim === undefined ? null : textOf(aim),
        met: aim === undefined ? null : isMet(value, aim),
      };
      figures.push(figure);
      if (asJson) return;
      const beside =
        figure.aim === null ? '' : `   (aim ${figure.aim}) ${figure.met === true ? 'met' : 'MISSED'}`;
      write(
        `${name.padEnd(44)} ${rounded.toLocaleString('en', { minimumFractionDigits: digits })} ${unit}${beside}\n`,
      );
    },
    end() {
      if (asJson) write(`${JSON.stringify({ figures })}\n`);
    },
  };
}

function textOf(aim: Aim): string {
  return 'atMost' in aim ? `≤ ${aim.atMost}` : `≥ ${aim.atLeast}`;
}

/** A figure that could not be measured (NaN) has not met its aim. */
function isMet(value: number, aim: Aim): boolean {
  return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast;
}
