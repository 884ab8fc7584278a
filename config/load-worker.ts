import { workerData } from 'node:worker_threads';
import { sendConfig } from './load-thread.ts';

/** Reads the configuration folder that it is given, sends the result and ends. */
sendConfig(String(workerData));
