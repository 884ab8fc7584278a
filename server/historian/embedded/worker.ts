import { parentPort, workerData as given } from 'node:worker_threads';
import { request, workerData, type Reply, type Request, type Task } from './protocol.ts';
import { openStore } from './store.ts';

/** The thread that owns all writes to the readings. An error at the start ends it; one in a task goes back as its reply. */
const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread only');
const store = openStore(workerData.parse(given).path);

function perform(task: Task): void {
  if (task.kind === 'append') store.append(task.batch, task.throughPowerCut);
  else if (task.kind === 'maintain') store.maintain(task.now, task.keepFrom);
  else store.close();
}

function answer({ id, task }: Request): Reply {
  try {
    perform(task);
    return { kind: 'done', id };
  } catch (error) {
    return { kind: 'failed', id, error: error instanceof Error ? error.message : String(error) };
  }
}

port.on('message', (message: unknown) => {
  const asked = request.parse(message);
  port.postMessage(answer(asked));
  if (asked.task.kind === 'close') port.close();
});
port.postMessage({ kind: 'ready' } satisfies Reply);
