/**
 * A runbook in which one manager is asked, with one step behind.
 *
 * @param rules further fields of the approval
 */
export function oneGate(rules = ''): string {
  return `
apiVersion: muster/v1
name: one-gate
title: One gate
steps:
  - id: go
    approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }]${rules && `, ${rules}`} }
  - { id: behind, check: 'true' }
`;
}
