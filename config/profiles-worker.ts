import { workerData } from 'node:worker_threads';
import { sendProfiles } from './load-thread.ts';

/** Reads every profile of the configuration folder that it is given, sends them and ends. */
sendProfiles(String(workerData));
