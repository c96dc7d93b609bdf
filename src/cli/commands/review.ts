import { REVIEW_DECISIONS } from '../../model/findings.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { PERIOD, periodOf } from '../period-option.ts';
import { AS, musterAs } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { shortTime } from '../render/times.ts';

export const review = command({
  name: 'review',
  summary: 'Sign what you make of a report, of a run or of a period, as it is now.',
  details:
    'The report is made, kept, and named by its SHA-256 in what is signed. Later reports show the review, and the evidence ' +
    'of the run has it with the report. Read the report first: muster report RUN.',
  args: {
    run: { says: 'id of a run that has ended; left out where a period is named', optional: true },
    comment: { says: 'what you make of it, in words', optional: true },
  },
  options: {
    decision: {
      flags: '--decision <decision>',
      says: 'what it comes to',
      choices: REVIEW_DECISIONS,
      default: 'accepted',
    },
    ...PERIOD,
    as: AS,
  },
  examples: [
    'review dr-drill-20250131-k7m2qz "Good. The web tier is to be checked earlier." --as NAME',
    'review --last 1y "Two runbooks were never drilled." --decision actionNeeded --as NAME',
  ],
  async run({ args, options, context }) {
    const period = periodOf(options, context.now());
    // With a period, the one word that is left is the comment.
    const words = [args.run, args.comment].filter((word) => word !== undefined);
    const [first = '', second] = words;
    if (words.length !== (period === undefined ? 2 : 1)) {
      throw new CliError('cli.usage', 'Name a run, or a period, and say what you make of its report.', {
        hint: 'For example: muster review RUN "Good." or muster review --last 1y "Good."',
      });
    }
    const { muster } = await musterAs(options.as, context);
    const signed = await muster.review({
      of: period ?? { runId: first },
      decision: options.decision,
      comment: period === undefined ? (second ?? '') : first,
    });
    answer(context, {
      value: signed,
      text: () => {
        const { id, person, roles, decision, reportDigest, iat } = inertValue(signed);
        return [
          `Signed      ${id} by ${person}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}, ${shortTime(iat * 1_000)}`,
          `Decision    ${decision}`,
          `Report      SHA-256 ${reportDigest}`,
        ].join('\n');
      },
    });
    return EXIT.ok;
  },
});
