import { workerData as given } from 'node:worker_threads';
import { performTasks } from '../worker.ts';
import { openDiskBuffer } from './disk.ts';
import { pack, unpack } from './codec.ts';
import { task, workerData, type Line, type Task } from './protocol.ts';

/** The thread that owns a disk buffer. Log lines go back with the next answer. */
const { path, limitBytes } = workerData.parse(given);
let lines: Line[] = [];
const note =
  (level: Line['level']) =>
  (...said: unknown[]): void => {
    const [fields, message] = typeof said[0] === 'string' ? [{}, said[0]] : [said[0], said[1]];
    lines.push({
      level,
      fields: { ...(typeof fields === 'object' ? fields : {}) },
      message: String(message),
    });
  };
const log = { info: note('info'), warn: note('warn'), error: note('error') };
const buffer = openDiskBuffer({ path, limitBytes, log, now: () => Date.now() });

function perform(asked: Task): unknown {
  switch (asked.kind) {
    case 'put':
      return buffer.put(unpack(asked.pack), { taken: asked.taken });
    case 'next': {
      const batch = buffer.next();
      return batch === undefined ? undefined : { id: batch.id, pack: pack(batch.readings) };
    }
    case 'accept':
      return buffer.accept(asked.id);
    case 'reject':
      return buffer.reject(asked.id, asked.reason);
    case 'retry':
      return buffer.retry(asked.id);
    case 'split':
      return buffer.split(asked.id);
    case 'state':
      buffer.tick();
      return buffer.state();
  }
}

performTasks({
  parse: (asked) => task.parse(asked),
  perform(asked) {
    const result = perform(asked);
    const said = lines;
    lines = [];
    return { result, lines: said };
  },
  close: () => buffer.close(),
});
