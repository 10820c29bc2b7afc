import type { Endpoint } from './endpoint.ts';
import { accessRequests } from './endpoints/access-requests.ts';
import { accounts } from './endpoints/accounts.ts';
import { auditLogsV1 } from './endpoints/audit-logs-v1.ts';
import { auditLogsV2 } from './endpoints/audit-logs-v2.ts';
import { logsFields } from './endpoints/logs-fields.ts';
import { logsRayid } from './endpoints/logs-rayid.ts';
import { logsReceived } from './endpoints/logs-received.ts';
import { members } from './endpoints/members.ts';
import { readRetentionFlag, writeRetentionFlag } from './endpoints/retention-flag.ts';
import { user } from './endpoints/user.ts';
import { userAuditLogs } from './endpoints/user-audit-logs.ts';
import { verifyAccountToken } from './endpoints/verify-account-token.ts';
import { verifyUserToken } from './endpoints/verify-user-token.ts';
import { zones } from './endpoints/zones.ts';

/** Every endpoint that is simulated. */
export const ENDPOINTS: readonly Endpoint[] = [
  verifyUserToken,
  verifyAccountToken,
  user,
  accounts,
  members,
  zones,
  auditLogsV1,
  auditLogsV2,
  userAuditLogs,
  accessRequests,
  logsReceived,
  logsFields,
  logsRayid,
  readRetentionFlag,
  writeRetentionFlag,
];
