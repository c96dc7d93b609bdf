import { checksInARow } from './runbooks.ts';
import { onStage, runByHand, type Stage } from './stage.ts';
import { prepareTools } from './tools.ts';
import { spreadOf } from './statistics.ts';
const tools = await prepareTools({ rounds: 1, say: () => undefined });
const N = Number(process.argv[2] ?? 10);
await onStage(tools, {}, async (stage) => {
  const rb = checksInARow(20, stage.healthUrl);
  const acc: Record<string, Record<string, number[]>> = {};
  const one = async (name: string, id: string) => {
    const h = await stage.client.workflow.getHandle(id).fetchHistory();
    const ev = (h.events ?? []).map((e) => ({ t: Number(e.eventTime?.seconds) * 1e3 + Number(e.eventTime?.nanos) / 1e6, a: e }));
    const A = (acc[name] ??= {});
    const put = (k: string, v: number) => (A[k] ??= []).push(v);
    const firstSched = ev.find((e) => e.a.activityTaskScheduledEventAttributes)!;
    put('0 start->firstActivityScheduled', firstSched.t - ev[0]!.t);
    const lastDone = ev.findLast((e) => e.a.activityTaskCompletedEventAttributes)!;
    put('9 lastActivityDone->close', ev.at(-1)!.t - lastDone.t);
    put('total/20', (ev.at(-1)!.t - ev[0]!.t) / 20);
    let eager = 0;
    for (let i = 0; i < ev.length; i++) {
      const e = ev[i]!;
      const nx = ev[i + 1]; if (!nx) break;
      const kind = (x: typeof e) => Object.keys(x.a).find((k) => k.endsWith('EventAttributes') && (x.a as any)[k])!.replace('EventAttributes', '');
      put(`1 ${kind(e)}->${kind(nx)}`, nx.t - e.t);
    }
    put('events', ev.length);
    put('bytes', Number((await stage.client.workflow.getHandle(id).describe()).historySize ?? 0));
  };
  for (let i = 0; i < N; i++) {
    await stage.run(rb); const a = await stage.run(rb);
    await runByHand(stage, 20); const b = await runByHand(stage, 20);
    await one('muster', a); await one('hand', b);
  }
  const keys = new Set([...Object.keys(acc['muster']!), ...Object.keys(acc['hand']!)]);
  for (const k of [...keys].sort()) {
    const f = (n: string) => { const v = acc[n]![k]; if (!v) return '-'; const s = spreadOf(v); return `${s.p25.toFixed(2)} / ${s.median.toFixed(2)} / ${s.p75.toFixed(2)} (n ${v.length})`; };
    console.log(k.padEnd(70), 'muster', f('muster').padEnd(34), 'hand', f('hand'));
  }
});
