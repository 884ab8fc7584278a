#!/usr/bin/env node
// The `pantau` command: builds once when the sources are newer than `dist/`, then runs it.
import { buildIfNeeded } from './build.js';

await buildIfNeeded();
await import(new URL('../dist/cli/main.js', import.meta.url).href);
