import { HandlingRefused, StoreBehind } from '../../incidents/handling.ts';
import { MoveRefused } from '../../incidents/by-hand.ts';
import { NothingToReset } from '../../incidents/service.ts';
import { conflict, notFound, ProblemError } from '../../http/problem.ts';

/** What the incidents refuse, as the problems that the API answers with. */

export function found<Item>(id: string, item: Item | undefined): Item {
  if (item === undefined) throw notFound(`no incident ${id}`);
  return item;
}

export async function refused<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof NothingToReset || cause instanceof MoveRefused || cause instanceof HandlingRefused)
      throw conflict(cause.message);
    if (cause instanceof StoreBehind) throw new ProblemError(503, { detail: cause.message, cause });
    throw cause;
  }
}
