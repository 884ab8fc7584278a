import { workerData as given } from 'node:worker_threads';
import { performTasks } from '../../../core/worker.ts';
import { task, workerData } from './protocol.ts';
import { openStore } from './store.ts';

/** The thread that owns all writes to the readings. An error at the start ends it; one in a task goes back as its answer. */
const store = openStore(workerData.parse(given).path);
performTasks({
  parse: (given) => task.parse(given),
  perform(asked): unknown {
    switch (asked.kind) {
      case 'append':
        return store.append(asked.batch, asked.throughPowerCut);
      case 'merge':
        return store.merge(asked.now);
      case 'next-hour':
        return store.nextHour(asked.now, asked.except) ?? null;
      case 'compact':
        return store.compact(asked, asked.facts);
      case 'settle':
        return store.settle(asked.now);
      case 'expire':
        return store.expire(asked.now, asked.kept);
      case 'pin':
        return store.pin(asked.pin);
      case 'copy':
        return store.copyTo(asked.to);
    }
  },
  close: () => store.close(),
});
