import { workerData } from 'node:worker_threads';
import { answerPrintJob } from './print-thread.ts';

/** Prints the report that it is given, sends the file and ends. */
await answerPrintJob(workerData);
