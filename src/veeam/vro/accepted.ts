import { z } from 'zod';
import { VeeamError } from '../errors.ts';
import type { CallSite } from '../errors.ts';
import type { HttpAnswer } from '../transport.ts';

/**
 * The server took the request. Nothing more: actions are asynchronous and name no task, so watch
 * `runtimeDetails.plan`. `success` is the vendor's own word, where the body carries one.
 */
export type Accepted = { readonly status: number; readonly success?: boolean };

/** A plan was copied. `planId` is the new plan's id, where the answer names it. */
export type Cloned = Accepted & { readonly planId: string | undefined };

const wrapper = z.looseObject({
  success: z.boolean().optional().catch(undefined),
  data: z.unknown().optional(),
});

/** Versions differ in whether the new plan or only its id comes back. */
const newPlan = z.union([
  z.string().min(1),
  z.looseObject({ id: z.string().min(1) }).transform(({ id }) => id),
]);

/** A page for people: of a proxy that wants somebody to sign in, or of an address that is not the REST API. */
const IS_PAGE = /^\s*<(!doctype|html)\b/i;

/**
 * Any 2xx is an acceptance, whatever the body: versions answer with nothing, with text or with a wrapper.
 * Throws veeam.contract (effect `unclear`) for a page of HTML, behind which the request may have arrived or not.
 */
export function accepted({ status, text }: HttpAnswer, site: CallSite): Accepted {
  if (IS_PAGE.test(text)) {
    throw new VeeamError('veeam.contract', site, { status, effect: 'unclear', detail: 'the body is HTML' });
  }
  const { success } = wrapperOf(text);
  return success === undefined ? { status } : { status, success };
}

/** See {@link accepted}. */
export function cloned(answer: HttpAnswer, site: CallSite): Cloned {
  return { ...accepted(answer, site), planId: newPlan.safeParse(wrapperOf(answer.text).data).data };
}

function wrapperOf(text: string): { readonly success?: boolean | undefined; readonly data?: unknown } {
  try {
    return wrapper.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    // No JSON: accepted all the same.
    return {};
  }
}
