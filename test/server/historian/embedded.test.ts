import { historianContract } from './contract.ts';
import { embeddedBench } from './embedded-bench.ts';

historianContract({ name: 'embedded historian, fresh ticks', rested: false, prepare: embeddedBench });
historianContract({ name: 'embedded historian, minutes merged', rested: true, prepare: embeddedBench });
