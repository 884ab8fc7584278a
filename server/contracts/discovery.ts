import { z } from 'zod';
import { instant } from './common.ts';

/** Hosts as people write them: `10.0.0.0/24`, `10.0.0.10-40`, `10.0.0.5`. */
const range = z
  .string()
  .trim()
  .regex(/^[\d./-]{7,40}$/, 'a range such as "10.0.0.0/24" or "10.0.0.10-40"');

export const discoveryInput = z.strictObject({
  site: z.string().min(1).max(100),
  /** Of hosts; not needed where only brokers are listened to. */
  ranges: z.array(range).max(20).default([]),
  snmp: z.boolean().default(true),
  modbus: z.boolean().default(false),
  /** Listen for a minute to the brokers that the site's devices use. */
  mqtt: z.boolean().default(false),
});

export const discoveryRun = z.object({
  site: z.string(),
  startedAt: instant,
  /** Null: it is still running. */
  endedAt: instant.nullable(),
  by: z.string(),
  /** Steps of the search so far, of so many. */
  done: z.int(),
  of: z.int(),
  hosts: z.int(),
  answered: z.int(),
  /** Answered, and configured already. */
  skipped: z.int(),
  problems: z.array(z.string()),
});
export type DiscoveryRun = z.infer<typeof discoveryRun>;

const discoveryFinding = z.object({
  site: z.string(),
  protocol: z.enum(['snmp', 'modbus', 'mqtt']),
  address: z.string(),
  summary: z.string(),
  /** Lines for `devices:` of the site's file, with what is doubtful as comments. */
  entry: z.string(),
  foundAt: instant,
  foundBy: z.string(),
});
export type DiscoveryFinding = z.infer<typeof discoveryFinding>;

export const discoveryView = z.object({
  /** Sites whose network this server reaches. */
  sites: z.array(z.string()),
  /** The present run or the last one since the server was started. */
  run: discoveryRun.nullable(),
  findings: z.array(discoveryFinding),
});

export const discoveryPlace = z.strictObject({
  site: z.string().min(1).max(100),
  protocol: z.enum(['snmp', 'modbus', 'mqtt']),
  address: z.string().min(1).max(1_000),
});
