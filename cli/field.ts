import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { drillView, type DrillInput } from '../server/contracts/system.ts';
import { controlHeader } from '../simulator/control.ts';
import type { Drills } from '../server/api/endpoints/drills.ts';

const running = z.object({ items: z.array(drillView) });
/** It answers within milliseconds, or hangs. */
const answerWithinMs = 3_000;
const startWithinMs = 120_000;

/** The scenarios of a simulator, asked over its control port; each rejects when it does not answer in time or refuses. */
export function simulatorDrills(controlPort: number): Drills {
  const address = `http://127.0.0.1:${controlPort}/drills`;
  async function ask(drill: DrillInput): Promise<void> {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...controlHeader },
      body: JSON.stringify(drill),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    if (!response.ok) throw new Error(`the simulator refused: ${await response.text()}`);
  }
  return {
    start: (name, site, minutes) => ask({ name, site, action: 'start', minutes }),
    stop: (name, site) => ask({ name, site, action: 'stop' }),
    running: async () => {
      const response = await fetch(address, { signal: AbortSignal.timeout(answerWithinMs) });
      return running.parse(await response.json()).items;
    },
  };
}

export class SimulatorFailed extends Error {}

/** Starts `pantau simulate` as a process of its own and waits until its devices answer. Rejects with SimulatorFailed. */
export async function spawnSimulator(options: {
  readonly configDir: string;
  readonly controlPort: number;
}): Promise<{ close(): Promise<void> }> {
  const command = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(process.execPath, [command, 'simulate', '--config', options.configDir], {
    // The channel closes when we end in whatever way, kill -9 included; the simulator then ends too (cli/run).
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PANTAU_SIMULATOR_PORT: String(options.controlPort) },
  });
  await answering(child, options.controlPort);
  return {
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function answering(child: ChildProcess, controlPort: number): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  for (;;) {
    if (performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new SimulatorFailed(`the simulator did not answer within ${startWithinMs / 1_000} s`);
    }
    if (child.exitCode !== null || child.signalCode !== null)
      throw new SimulatorFailed('the simulator did not start; it says why above');
    const answers = await fetch(`http://127.0.0.1:${controlPort}/health`, {
      signal: AbortSignal.timeout(answerWithinMs),
    }).then(
      (response) => response.ok,
      () => false,
    );
    // Somebody else's simulator on our port would answer as well; ours ends at once then.
    if (answers && child.exitCode === null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
