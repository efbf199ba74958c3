/** Whether a fault may pass by itself: the connection was lost, the server restarts, two writers were in each other's way. */
export function isPassing(error: unknown): boolean {
  const code = String((error as { readonly code?: unknown }).code ?? '');
  return (
    /^(?:08...|40001|40P01|53300|57P0[1-3]|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code) ||
    /connection terminated|timeout exceeded when trying to connect/i.test(messageOf(error))
  );
}

/**
 * A fault in words: the column that it is about, what the server or system said, what to do.
 *
 * @param columns - of the rows that were written: the server knows their values by number only.
 */
export function describeFault(error: unknown, columns: readonly string[]): string {
  const { code, where } = error as { readonly code?: unknown; readonly where?: unknown };
  const said = messageOf(error);
  const advice = adviceFor(String(code ?? ''), said);
  const column = columnOf(where, columns);
  return `${column === undefined ? '' : `column ${JSON.stringify(column)}: `}${said}${advice && `; ${advice}`}`;
}

/** What to do, by SQLSTATE or the system's code. Appendix A of the PostgreSQL manual. */
const ADVICE: readonly (readonly [code: RegExp, advice: string])[] = [
  [/^(?:ECONNREFUSED|ENOENT)$/, 'is the server running, are host and port right?'],
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'is the host right?'],
  [/^28/, 'check user and password, and pg_hba.conf of the server'],
  [/^3D000$/, 'make the database with createdb, or name another'],
  [/^3F000$/, 'make the schema with CREATE SCHEMA, or name another'],
  [/^42501$/, 'GRANT the user the right, or let its owner make the table'],
  [/^42P10$/, 'the table was not made by this pipeline: it needs PRIMARY KEY (fingerprint, ordinal)'],
  [/^(?:42703|42704|42601)$/, 'check the columns that were declared against the table'],
  [/^53100$/, 'the disk of the server is full'],
  [/^53300$/, 'the server has no connection left: lower maxConnections'],
  [/^57014$/, 'the statement took longer than timeoutMs'],
  [
    /^2[23]/,
    'declare a type that fits, or let a pipeline before this one put the value right or drop the item',
  ],
];

function adviceFor(code: string, said: string): string {
  if (/password must be a string/i.test(said)) return 'the server asks for a password and none was given';
  return ADVICE.find(([pattern]) => pattern.test(code))?.[1] ?? '';
}

const MOST_SAID = 500;

/** The message; of several attempts to connect, which say nothing together, each one's. */
function messageOf(error: unknown): string {
  const parts = error instanceof AggregateError ? error.errors : [error];
  const said = parts.map((one) => (one instanceof Error ? one.message : String(one))).join(', ');
  const line = said.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)}…` : line;
}

/** The server names a value that does not fit by the number of its parameter. */
function columnOf(where: unknown, columns: readonly string[]): string | undefined {
  const number = typeof where === 'string' ? /parameter \$(\d+)/.exec(where)?.[1] : undefined;
  return number === undefined || columns.length === 0
    ? undefined
    : columns[(Number(number) - 1) % columns.length];
}
