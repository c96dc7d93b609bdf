import type { Card } from '../../client/index.ts';
import { mayDo } from '../../identity/index.ts';
import type { Actor } from '../../model/actor.ts';
import { emergencyPath } from '../../model/page-paths.ts';
import { html, type Html } from './html.ts';

/** What whoever may can do at an approval when the usual way is on fire. */
export function emergencyForms(card: Card, actor: Actor): Html {
  const runbook = card.runbook.name;
  const { spoken = false, breakGlass = false } = card.emergency ?? {};
  return html`${spoken && mayDo(actor, 'gate.spoken', { runbook }) && spokenForm(card)}
  ${breakGlass && mayDo(actor, 'breakglass.use', { runbook }) && breakGlassForm(card)}`;
}

function spokenForm({ runId, gate }: Card): Html {
  return html`<details>
    <summary>An approver told you their answer on the phone</summary>
    <form method="post" action="${emergencyPath('spoken', runId, gate)}" class="answers">
      <p>It counts when a second witness, who has heard it as well, enters the same within 15 minutes.</p>
      <label
        >Who said it (their name here)<input name="approver" maxlength="64" autocomplete="off" required
      /></label>
      <label>The code that they read<input name="code" maxlength="32" autocomplete="off" required /></label>
      <label
        >Why, in their words (needed for a no)<textarea name="comment" rows="2" maxlength="1000"></textarea>
      </label>
      <button class="yes" name="decision" value="approve">They said yes</button>
      <button class="no" name="decision" value="reject">They said no</button>
    </form>
  </details>`;
}

function breakGlassForm({ runId, gate }: Card): Html {
  return html`<details>
    <summary>Nobody else can be asked: approve alone</summary>
    <form method="post" action="${emergencyPath('break-glass', runId, gate)}" class="answers">
      <p class="note bad">
        This is against the rules of this approval. Everybody is told, and it stays in the record.
      </p>
      <label
        >Why nobody else can be asked<textarea name="reason" rows="2" maxlength="1000" required></textarea>
      </label>
      <button class="no">Approve alone</button>
    </form>
  </details>`;
}
