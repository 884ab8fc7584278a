/** Puts events into the queue of the file that is named, printing the number of each once it is put, until it is killed. */
import { openEventQueue } from '../../core/event-queue.ts';

const log = { warn: () => undefined, error: () => undefined, info: () => undefined };
const queue = openEventQueue({ path: process.argv[2] ?? '', now: () => 0, log });
for (let number = 1; number <= 20_000; number += 1) {
  queue.put([{ id: `dc/door#${number}`, source: 'dc/door', at: number, kind: 'other', attributes: {} }]);
  process.stdout.write(`${number}\n`);
}
