import { expect, it } from 'vitest';
import { createPageSoak } from '../../soak/pages/scenario.ts';

/** The short form of `npm run soak pages`. */
const crashes = 60;

it('no page is lost or doubled by a process that dies between any two writes while channel and store fail', async () => {
  const soak = await createPageSoak();
  try {
    for (let seed = 1; seed <= crashes; seed += 1) {
      const { lost, doubled, forConsequences, sentAgain } = await soak.run(seed);
      expect({ seed, lost, doubled, forConsequences, sentAgain }).toEqual({
        seed, lost: [], doubled: [], forConsequences: [], sentAgain: [],
      }); // prettier-ignore
    }
  } finally {
    await soak.close();
  }
});
