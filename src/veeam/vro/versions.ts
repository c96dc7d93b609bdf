/** The versions of VRO's REST API that this client speaks; servers answer several, older clients keep working. */
export const VRO_API_VERSIONS = ['v7.1', 'v7.2', 'v7.21'] as const;

export type VroApiVersion = (typeof VRO_API_VERSIONS)[number];
