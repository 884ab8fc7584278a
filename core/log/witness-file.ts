import { z } from 'zod';

/** What a remote collector keeps of the log (`witness.json`): the first checkpoint of each day and the last one. */
export const witnessFile = z.object({
  name: z.string(),
  /** Base64. */
  publicKey: z.string(),
  serverKey: z.string(),
  checkpoints: z.array(
    z.object({
      number: z.int(),
      size: z.int(),
      root: z.string(),
      note: z.string(),
      line: z.string(),
    }),
  ),
});
