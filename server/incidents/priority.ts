import type { Model } from '../../config/model.ts';
import type { Level, Priority } from '../../config/schema/common.ts';

/** Row and column of BAB III table 2. */
export function priorityOf(model: Model, urgency: Level, impact: Level): Priority {
  return model.standard.priorities.matrix[urgency][impact];
}
