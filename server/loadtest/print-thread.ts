import { parentPort } from 'node:worker_threads';
import { startWorker } from '../../core/worker.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import type { Window } from './phases.ts';
import { loadTestPdf, type ReportOptions } from './report.ts';
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
export const printReport: Print = ({ document, options, readings, window }) =>
  loadTestPdf(document, { ...options, samples: samplesCsv(readings, window) });

/**
 * Prints a report in a thread: the readings of a test of two hours take seconds to write and to compress, during which the wall would
 * stand still.
 */
export const printInThread: Print = ({ readings, ...job }) =>
  new Promise((resolve, reject) => {
    const sent: SentJob = { ...job, columns: [...readings].map(([point, { samples }]) => columnOf(point, samples)) };
    const worker = startWorker(new URL('./print-worker.ts', import.meta.url), sent);
    worker.once('error', (cause) => {
      reject(new Error('the report could not be printed: its thread died', { cause }));
    });
    worker.once('exit', (code) => {
      reject(new Error(`the thread that prints the report ended (${code})`));
    });
    worker.once('message', (answer: Answer) => {
      if ('pdf' in answer) resolve(answer.pdf);
      else reject(new Error(`the report could not be printed: ${answer.failed}`));
    });
  }); // prettier-ignore

function columnOf(point: string, samples: Trace['samples']): Column {
  return {
    point,
    at: Float64Array.from(samples, ({ at }) => at),
    value: Float64Array.from(samples, ({ value }) => value),
    quality: Uint16Array.from(samples, ({ quality }) => quality),
  };
}

/** The thread's side, called by `print-worker.ts`. */
export async function answerPrintJob({ columns, ...job }: SentJob): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a worker thread only');
  const readings = new Map(columns.map((column) => [column.point, traceOf(column)]));
  try {
    const pdf = Uint8Array.from(await printReport({ ...job, readings }));
    port.postMessage({ pdf } satisfies Answer, [pdf.buffer]);
  } catch (error) {
    port.postMessage({ failed: String(error) } satisfies Answer);
  }
}

function traceOf({ at, value, quality }: Column): Trace {
  const samples = Array.from(at, (time, index) => ({
    at: time,
    value: value[index] ?? Number.NaN,
    quality: quality[index] ?? 0,
  }));
  return { samples, holdMs: 0 };
}
