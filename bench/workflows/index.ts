/** What the workers of the bench run: muster's own workflow, and the one it is compared with. */
export { runbook } from '../../workflows/index.ts';
export { checksByHand } from './checks-by-hand.ts';
