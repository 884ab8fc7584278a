import { serveWalk } from '../simulator/walk/serve.ts';
import type { WalkServer } from '../simulator/walk/serve.ts';

/** `pantau simulate walk FILE --port N`: a recorded walk as an agent on loopback. Rejects when the port is taken. */
export function simulateWalk(file: string, port: number): Promise<WalkServer> {
  return serveWalk(file, { port });
}
