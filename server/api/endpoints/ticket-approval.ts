import { z } from 'zod';
import type { Approvals } from '../../access/approval.ts';
import { testsTouching } from '../../access/nearby-tests.ts';
import { ticketApproval } from '../../contracts/ticket-approval.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { notFound } from '../../http/problem.ts';
import type { LoadTests } from '../../loadtest/service.ts';

export interface ApprovalServices {
  readonly approvals: Approvals;
  readonly loadTests?: LoadTests | undefined;
}

/** Read before the button, so that nobody approves what is refused or what he would not have approved had he known. */
export function ticketApprovalEndpoint({ approvals, loadTests }: ApprovalServices): Endpoint {
  return endpoint({
    method: 'get',
    path: '/tickets/:id/approval',
    role: 'viewer',
    summary:
      'What to know before a ticket is approved: open incidents in its rooms, others who work there, load tests, and why it would be refused',
    input: { params: z.strictObject({ id: z.string() }) },
    output: ticketApproval,
    async handler({ params: { id } }) {
      const found = await approvals.of(id);
      if (found === undefined) throw notFound(`there is no ticket "${id}"`);
      const { site, from, to, ...approval } = found;
      return { ...approval, loadTests: await testsTouching(loadTests, { site, from, to }) };
    },
  });
}
