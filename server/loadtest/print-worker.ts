import { answerPrintJobs } from './print-thread.ts';

/** Prints the reports that it is sent, one after the other. */
answerPrintJobs();
