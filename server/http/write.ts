import type { Response } from 'express';

export type Write = (text: string) => Promise<void>;

/**
 * Writes, and waits until a slow reader has taken what is there. One listener for the whole response: compression hands
 * listeners of `drain` on to its own stream, from where `once` could not take them away again.
 */
export function writerOf(response: Response, signal: AbortSignal): Write {
  let drained: (() => void) | undefined;
  response.on('drain', () => drained?.());
  return (text) => {
    if (response.write(text)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(signal.reason);
      drained = () => {
        drained = undefined;
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });
  };
}
