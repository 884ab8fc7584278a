import { parentPort, type MessagePort, type Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import { startWorker } from '../../core/worker.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import type { Window } from './phases.ts';
import type { ReportOptions } from './report.ts';
import { samplesCsv } from './samples.ts';
import type { Trace } from './signal.ts';

/** What a report is printed from. */
interface PrintJob {
  readonly document: LoadTestDocument;
  readonly options: Omit<ReportOptions, 'samples'>;
  /** Every reading of the run. */
  readonly readings: ReadonlyMap<string, Trace>;
  readonly window: Window;
}

export type Print = (job: PrintJob) => Promise<Uint8Array>;

/** Readings as they cross between threads: half a million objects would take longer to copy than to print. */
interface Column {
  readonly point: string;
  readonly at: Float64Array;
  readonly value: Float64Array;
  readonly quality: Uint16Array;
}
type SentJob = Omit<PrintJob, 'readings'> & { readonly columns: readonly Column[] };
type Answer = { readonly pdf: Uint8Array<ArrayBuffer> } | { readonly failed: string };

/** Prints a report here. */
export const printReport: Print = async ({ document, options, readings, window }) => {
  // The server prints in a thread: this one need not load what makes a PDF.
  const { loadTestPdf } = await import('./report.ts');
  return loadTestPdf(document, { ...options, samples: samplesCsv(readings, window) });
};

export interface Printer {
  readonly print: Print;
  /** Keeps a thread ready for the next report: called for as long as one may be asked for soon. Cheap when one is ready. */
  prepare(): void;
  close(): Promise<void>;
}

/** A thread that nobody asked for goes after so long. */
const spareMs = 10 * 60_000;

/**
 * Prints each report in a thread: the readings of a test of two hours take seconds to write and to compress, during which the wall would
 * stand still. To start a thread and to learn its fonts takes as long as to print, so that one is kept ready while gensets run.
 */
export function createPrinter(clock: Pick<Clock, 'monotonic' | 'sleep'>): Printer {
  const closing = new AbortController();
  const threads = new Set<Worker>();
  let spare: Worker | undefined;
  let wantedAt = -Infinity;
  let isLettingGo = false;

  function start(): Worker {
    const worker = startWorker(new URL('./print-worker.ts', import.meta.url), null);
    threads.add(worker);
    // A spare that dies is replaced by the next print; whoever waits for an answer listens on its own.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      threads.delete(worker);
      if (spare === worker) spare = undefined;
    });
    return worker;
  }

  async function letGo(): Promise<void> {
    while (spare !== undefined && !closing.signal.aborted) {
      const leftMs = wantedAt + spareMs - clock.monotonic();
      if (leftMs <= 0) {
        const ended = spare;
        spare = undefined;
        await ended.terminate();
      } else await clock.sleep(leftMs, closing.signal);
    }
    isLettingGo = false;
  }

  function keep(worker: Worker): void {
    spare = worker;
    wantedAt = clock.monotonic();
    if (isLettingGo) return;
    isLettingGo = true;
    void letGo();
  }

  return {
    prepare() {
      wantedAt = clock.monotonic();
      if (spare === undefined && !closing.signal.aborted) keep(start());
    },
    print: ({ readings, ...job }) =>
      new Promise((resolve, reject) => {
        const sent: SentJob = { ...job, columns: [...readings].map(([point, { samples }]) => columnOf(point, samples)) };
        const worker = spare ?? start();
        spare = undefined;
        const onError = (cause: unknown): void => {
          reject(new Error('the report could not be printed: its thread died', { cause }));
        };
        const onExit = (code: number): void => {
          reject(new Error(`the thread that prints the report ended (${code})`));
        };
        worker.once('error', onError);
        worker.once('exit', onExit);
        worker.once('message', (answer: Answer) => {
          worker.off('error', onError);
          worker.off('exit', onExit);
          if (spare === undefined && !closing.signal.aborted) keep(worker);
          else void worker.terminate();
          if ('pdf' in answer) resolve(answer.pdf);
          else reject(new Error(`the report could not be printed: ${answer.failed}`));
        });
        worker.postMessage(sent, []);
      }),
    async close() {
      closing.abort();
      await Promise.all([...threads].map((worker) => worker.terminate()));
    },
  };
} // prettier-ignore

function columnOf(point: string, samples: Trace['samples']): Column {
  return {
    point,
    at: Float64Array.from(samples, ({ at }) => at),
    value: Float64Array.from(samples, ({ value }) => value),
    quality: Uint16Array.from(samples, ({ quality }) => quality),
  };
}

/** The thread's side, called by `print-worker.ts`: prints what comes until it is ended. */
export function answerPrintJobs(): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a worker thread only');
  port.on('message', (job: SentJob) => {
    void answer(port, job);
  });
  void warmUp();
}

async function answer(port: MessagePort, job: SentJob): Promise<void> {
  try {
    const pdf = await answerOf(job);
    port.postMessage({ pdf } satisfies Answer, [pdf.buffer]);
  } catch (error) {
    port.postMessage({ failed: String(error) } satisfies Answer);
  }
}

async function answerOf({ columns, ...job }: SentJob): Promise<Uint8Array<ArrayBuffer>> {
  const readings = new Map(columns.map((column) => [column.point, traceOf(column)]));
  return Uint8Array.from(await printReport({ ...job, readings }));
}

/** Loads what makes a PDF and reads both fonts, which the first report would wait for. */
async function warmUp(): Promise<void> {
  const [{ createSheet }] = await Promise.all([import('../reports/pdf/sheet.ts'), import('./report.ts')]);
  const sheet = createSheet({ title: '', subtitle: '', language: 'id', footer: '', pageText: () => '', at: new Date(0), isArchive: true });
  sheet.heightOf('Uji beban', 100);
  sheet.heightOf('Uji beban', 100, { font: 'bold' });
} // prettier-ignore

function traceOf({ at, value, quality }: Column): Trace {
  const samples = Array.from(at, (time, index) => ({
    at: time,
    value: value[index] ?? Number.NaN,
    quality: quality[index] ?? 0,
  }));
  return { samples, holdMs: 0 };
}
