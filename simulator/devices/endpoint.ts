/** A listener of the simulator. */
export interface Listener {
  close(): Promise<void>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Something else listens where the simulator must: names the port and the way out. */
export class PortInUseError extends Error {
  constructor({ host, port }: Endpoint, options?: ErrorOptions) {
    super(
      `port ${port} of ${host} is in use; stop the program that holds it (another simulator?) or choose another base port`,
      options,
    );
    this.name = 'PortInUseError';
  }
}

/** The error as it is told: a taken port by its remedy, anything else as it came. */
export function listenError(error: unknown, endpoint: Endpoint): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return taken ? new PortInUseError(endpoint, { cause: error }) : error;
}

/** All listeners, or none: those that opened are closed again before the first error is thrown. */
export async function settled<T extends Listener>(results: readonly PromiseSettledResult<T>[]): Promise<T[]> {
  const open = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return open;
  await Promise.all(open.map((listener) => listener.close()));
  throw failure.reason;
}
