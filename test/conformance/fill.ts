import type { Stage } from '../support/stage.ts';

const SECOND_IN_MS = 1_000;
const MINUTE_IN_MS = 60_000;

/**
 * Puts in what no file can know: `<app>` and `<backup>` of the simulator, `<clock+60m>` the time of the day (UTC) so many
 * minutes from now, `<moment+4s>` the moment so many seconds from now, `<until+30m-10s>` the duration from now to ten seconds before that time.
 */
export function filled(text: string, { simulator }: Pick<Stage, 'simulator'>): string {
  const now = Date.now();
  return text
    .replaceAll('<app>', simulator.urls.app)
    .replaceAll('<backup>', simulator.world.scenario.vbr.agentBackups[0]?.id ?? '')
    .replaceAll(/<clock([+-]\d+)m>/g, (_all, minutes: string) =>
      new Date(now + Number(minutes) * MINUTE_IN_MS).toISOString().slice(11, 16),
    )
    .replaceAll(/<moment\+(\d+)s>/g, (_all, seconds: string) =>
      new Date(now + Number(seconds) * SECOND_IN_MS).toISOString(),
    )
    .replaceAll(/<until\+(\d+)m-(\d+)s>/g, (_all, minutes: string, seconds: string) => {
      const at = (Math.floor(now / MINUTE_IN_MS) + Number(minutes)) * MINUTE_IN_MS;
      return `${Math.floor((at - now) / 1_000) - Number(seconds)}s`;
    });
}
