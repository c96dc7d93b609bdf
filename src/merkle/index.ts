export { appended, EMPTY_FRONTIER, rootOf, rootOfFrontier, type Frontier } from './frontier.ts';
export { EMPTY_ROOT, HASH_BYTES, isHash, leafHash, nodeHash, sameHash, type Hash } from './hash.ts';
export { consistencyProof, inclusionProof, inclusionProofs } from './proof.ts';
export { verifyConsistency, verifyInclusion, type Consistency, type Inclusion } from './verify.ts';
