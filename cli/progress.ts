import { sizeText } from './backup-manifest.ts';

export interface Progress {
  show(state: {
    readonly done: number;
    readonly of: number;
    /** Absent: what is done is not counted in bytes. */
    readonly bytes?: number;
    readonly what: string;
  }): void;
  end(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;
const redrawMs = 100;

/** A bar on a terminal; a line at each tenth where the output goes to a file or a log. */
export function createProgress(terminal: Terminal, now: () => number = Date.now): Progress {
  let drawnAt = -Infinity;
  let tenth = -1;
  return {
    show({ done, of, bytes, what }) {
      const share = of === 0 ? 1 : done / of;
      const text = `${String(Math.floor(share * 100)).padStart(3)} %  ${bytes === undefined ? '' : `${sizeText(bytes)}  `}${what}`;
      if (terminal.isTTY !== true) {
        if (Math.floor(share * 10) === tenth) return;
        tenth = Math.floor(share * 10);
        terminal.write(`${text.trim()}\n`);
        return;
      }
      if (now() - drawnAt < redrawMs) return;
      drawnAt = now();
      const filled = Math.round(share * barWidth);
      const line = `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${text}`;
      terminal.write(`\r\u001B[K${line.slice(0, (terminal.columns ?? 80) - 1)}`);
    },
    end() {
      if (terminal.isTTY === true) terminal.write('\r\u001B[K');
    },
  };
}
