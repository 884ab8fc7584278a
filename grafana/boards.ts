import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { alarmBoard } from './dashboards/alarms.ts';
import { collectorBoard } from './dashboards/collectors.ts';
import { coolingBoard } from './dashboards/cooling.ts';
import { gensetBoard } from './dashboards/gensets.ts';
import { powerBoard } from './dashboards/power.ts';
import { rackBoard } from './dashboards/racks.ts';
import { siteBoard } from './dashboards/site.ts';

/** All dashboards, by the name of their file in `grafana/generated/`. */
export const boards: Readonly<Record<string, Dashboard>> = {
  situs: siteBoard,
  listrik: powerBoard,
  pendingin: coolingBoard,
  genset: gensetBoard,
  rak: rackBoard,
  kolektor: collectorBoard,
  alarm: alarmBoard,
};
