import type { HttpParts } from './parts.ts';

/**
 * What a page of ours may load, and where its forms may lead (Content-Security-Policy). Browsers hold the second also
 * against where a posted form is redirected to.
 *
 * @param formTargets where else the forms of one page lead, as origins
 */
export function contentPolicy(
  parts: Pick<HttpParts, 'hasProvider' | 'identity'>,
  formTargets: readonly string[] = [],
) {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'", ...providerTargets(parts), ...formTargets],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  };
}

/**
 * A vote goes on to the identity provider: wherever that has its page, but over TLS. One without TLS is on this machine (the
 * configuration takes no other), and then it is that one only.
 */
function providerTargets({ hasProvider, identity }: Pick<HttpParts, 'hasProvider' | 'identity'>): string[] {
  if (!hasProvider) return [];
  const { protocol, origin } = new URL(identity.oidc().settings.issuer);
  return [protocol === 'http:' ? origin : 'https:'];
}
