/**
 * How machines are scanned for malware before they are restored, as v7.1 and later name it. Only the fields that are
 * given are sent; the server has its own defaults for the others.
 */
export type ScanOptions = {
  /** Whether the antivirus software of the mount server scans the disks. */
  readonly virusScan?: boolean;
  readonly yaraScan?: boolean;
  /** The rule of a YARA scan, see `scopes.yaraRules`. */
  readonly yaraRuleId?: string;
  /** What to do with restore points that are marked infected. The name is documented, its meaning is not. */
  readonly scanInfectedFlag?: boolean;
  /** As `scanInfectedFlag`, for those marked suspicious. */
  readonly scanSuspiciousFlag?: boolean;
  /** How many restore points are scanned. */
  readonly restorePointsCountForRansomwareScan?: number;
  /** What happens when malware is found. The vendor's values are not documented. */
  readonly ransomwareAction?: string;
};
