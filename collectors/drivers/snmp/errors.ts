/** error-status of an answer, as far as it matters here. */
export const tooBigStatus = 1;

/** The agent answered that it will not answer this; asking for less may help. */
export class AgentError extends Error {
  readonly tooBig: boolean;
  constructor(status: number) {
    super(`the agent answered with error ${status}`);
    this.name = 'AgentError';
    this.tooBig = status === tooBigStatus;
  }
}

/** The code of a system's error ("ENETUNREACH"). */
export function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
