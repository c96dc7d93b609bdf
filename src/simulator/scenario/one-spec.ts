import { z } from 'zod';

/** The roles of Veeam ONE's own users. */
export const ONE_ROLES = [
  'Admin',
  'PowerUser',
  'ReadonlyUser',
  'BackupAdministrator',
  'ReportViewer',
  'DashboardViewer',
] as const;

/** Veeam ONE, as a scenario describes it. */
export const oneSchema = z.strictObject({
  /** The role of the account there. Only administrators and power users may change anything. */
  userRole: z.enum(ONE_ROLES).default('Admin'),
  /** Veeam ONE knows of restore points what it last collected: it lags by up to this much. */
  collection: z
    .strictObject({
      everyMinutes: z
        .int()
        .positive()
        .max(24 * 60)
        .default(1),
      /** How long collecting takes; what was found is shown afterwards. */
      takesSeconds: z.number().positive().default(2),
    })
    .prefault({}),
});

export type OneSpec = Readonly<z.output<typeof oneSchema>>;
