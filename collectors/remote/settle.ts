import type { Backlog } from '../spool/backlog.ts';
import type { BatchName } from '../spool/spool.ts';
import type { Outcome } from './client.ts';
import type { Sequence } from './sequence.ts';

/** What an outcome means for a batch that is in the backlog. Whatever is not final leaves it there. */
export function settle(
  outcome: Outcome,
  { id, name, size }: { readonly id: number; readonly name: BatchName; readonly size: number },
  { backlog, sequence }: { readonly backlog: Backlog; readonly sequence: Sequence },
): void {
  switch (outcome.kind) {
    case 'done':
      backlog.delivered(id);
      break;
    case 'refused':
      backlog.setAside(id, outcome.why);
      break;
    case 'too-large':
      if (size > 1) backlog.split(id);
      else backlog.setAside(id, outcome.why);
      break;
    case 'retry':
    case 'forbidden':
    case 'wrong-place':
      return;
  }
  sequence.settle(name);
}
