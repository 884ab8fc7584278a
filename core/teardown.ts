import type { Logger } from 'pino';

/** Resources close in the reverse of the order they were opened in; one that fails does not keep the others open. */
export interface Teardown {
  add(name: string, close: () => void | Promise<void>): void;
  run(): Promise<void>;
}

export function createTeardown(log: Logger): Teardown {
  const steps: { name: string; close: () => void | Promise<void> }[] = [];
  return {
    add(name, close) {
      steps.push({ name, close });
    },
    async run() {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step.close();
        } catch (error) {
          log.error({ error, resource: step.name }, 'could not be closed in order');
        }
      }
    },
  };
}
