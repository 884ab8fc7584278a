import type { BatchName, Buffer } from '../../core/buffer.ts';
import type { Outcome } from './client.ts';
import type { Sequence } from './link.ts';

/** What an outcome means for a batch that was taken from the buffer. Whatever is not final puts it back. */
export function settle(
  outcome: Outcome,
  { id, name, size }: { readonly id: number; readonly name: BatchName; readonly size: number },
  { buffer, sequence }: { readonly buffer: Buffer; readonly sequence: Sequence },
): void {
  switch (outcome.kind) {
    case 'done':
      buffer.accept(id);
      break;
    case 'refused':
      buffer.reject(id, outcome.why);
      break;
    case 'too-large':
      if (size > 1) buffer.split(id);
      else buffer.reject(id, outcome.why);
      break;
    case 'retry':
    case 'forbidden':
    case 'wrong-place':
      buffer.retry(id);
      return;
  }
  sequence.settle(name);
}
