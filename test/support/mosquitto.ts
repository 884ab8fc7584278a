import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { freePort, startPeer } from './process.ts';

export interface Mosquitto {
  readonly port: number;
  /** What the broker logged since it was last started. */
  output(): string;
  /** A client that publishes; it ends with the broker. */
  connect(options?: IClientOptions): Promise<MqttClient>;
  /** `kill`: without a goodbye. */
  restart(how?: 'stop' | 'kill'): Promise<void>;
  stop(): Promise<void>;
}

interface MosquittoOptions {
  /** Lines of its configuration besides the listener. */
  readonly lines?: readonly string[];
  /** Of the clients that publish. */
  readonly client?: IClientOptions;
}

/** Debian's broker on a port of its own. */
export async function startMosquitto(program: string, options: MosquittoOptions = {}): Promise<Mosquitto> {
  const { lines = ['allow_anonymous true'], client: usual = {} } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-mosquitto-'));
  const port = await freePort();
  const config = path.join(folder, 'mosquitto.conf');
  // Started as root it would become a user who may not read the test's files.
  const head = [`listener ${port} 127.0.0.1`, 'log_type all', `user ${os.userInfo().username}`];
  await writeFile(config, [...head, ...lines, ''].join('\n'));
  const start = () => startPeer(program, ['-c', config], /mosquitto version .* running/);
  let broker = await start();
  const clients: MqttClient[] = [];
  return {
    port,
    output: () => broker.output(),
    connect: async (options = {}) => {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...usual, ...options });
      clients.push(client);
      return client;
    },
    restart: async (how = 'stop') => {
      await broker[how]();
      broker = await start();
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await broker.stop();
      await rm(folder, { recursive: true });
    },
  };
}
