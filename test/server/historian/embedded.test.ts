import { historianContract } from './contract.ts';
import { embeddedBench } from './embedded-bench.ts';

historianContract({ name: 'embedded historian, fresh ticks', rested: false, prepare: embeddedBench });
historianContract({
  name: 'embedded historian, hours and days written',
  rested: true,
  prepare: embeddedBench,
});
