import { workerData as given } from 'node:worker_threads';
import { performTasks } from '../../../core/worker.ts';
import { task, workerData } from './protocol.ts';
import { openStore } from './store.ts';

/** The thread that owns all writes to the readings. An error at the start ends it; one in a task goes back as its answer. */
const store = openStore(workerData.parse(given).path);
performTasks({
  parse: (given) => task.parse(given),
  perform(asked) {
    if (asked.kind === 'append') store.append(asked.batch, asked.throughPowerCut);
    else if (asked.kind === 'copy') store.copyTo(asked.to);
    else store.maintain(asked.now, asked.retentionMs);
  },
  close: () => store.close(),
});
