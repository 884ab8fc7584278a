import { z } from 'zod';
import type { Model, Point } from '../../../config/model.ts';
import { slicesOf } from '../../../core/slices.ts';
import type { AlarmService } from '../../alarms/service.ts';
import { page } from '../../contracts/common.ts';
import { foundPoint as foundPointSchema } from '../../contracts/point-search.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { badInput } from '../../http/problem.ts';
import { byReach, createPointMatcher, foundPoint, searchedWords } from '../views/point-search.ts';
import { findPoint } from './points.ts';

/** More words than anybody types; each is looked for in every point. */
const mostWords = 10;
/** Points asked for by id at once. */
const mostPoints = 50;

export function pointSearchEndpoint({
  model,
  alarms,
}: {
  readonly model: Model;
  readonly alarms: Pick<AlarmService, 'find' | 'get'>;
}): Endpoint {
  const matches = createPointMatcher(model);
  return endpoint({
    method: 'get',
    path: '/point-search',
    role: 'wall',
    summary:
      'Points by words or by id, with the limits that alarms compare them with; words must all fit, a|b: one of them',
    input: {
      query: z.strictObject({
        ...pageQuery,
        limit: pageQuery.limit.default(50),
        /** Words of the id, site, room, rack or device. */
        text: z.string().max(2_000).optional(),
        /** Ids, divided by commas; answered in this order. */
        points: z.string().max(10_000).optional(),
      }),
    },
    output: page(foundPointSchema),
    csv: true,
    heavy: true,
    async handler({ query: { text, points, ...rest }, signal }) {
      if ((text === undefined) === (points === undefined))
        throw badInput('query.text', 'give "text" or "points", one of the two');
      const view = (point: Point) => foundPoint(point, { model, alarms });
      if (points !== undefined) {
        const ids = [...new Set(points.split(',').filter((id) => id !== ''))];
        if (ids.length > mostPoints)
          throw badInput('query.points', `${ids.length} points; ask for ${mostPoints} at once at most`);
        return pageOfArray(
          ids.map((id) => findPoint(model, id)),
          rest,
          view,
        );
      }
      const words = searchedWords(text ?? '');
      if (words.length > mostWords)
        throw badInput('query.text', `${words.length} words; ${mostWords} at most`);
      const found: Point[] = [];
      for await (const slice of slicesOf(model.points, signal))
        found.push(...slice.filter((point) => matches(point, words)));
      return pageOfArray(found.sort(byReach), rest, view);
    },
  });
}
