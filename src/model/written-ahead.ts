/** What people read at a command that was sent while the store was away. */
export const WRITTEN_AHEAD =
  'written ahead: the store was away, so that no freeze and no revocation could be read';
