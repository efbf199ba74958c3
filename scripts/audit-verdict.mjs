/** Levels that fail. */
const SERIOUS = ['high', 'critical'];

/**
 * What `npm audit --json` came to: whether it fails, and why. No report, or one about an error of the registry, fails
 * nothing.
 *
 * @returns {{ isFailed: boolean, message: string }}
 */
export function auditVerdict(json) {
  const { vulnerabilities, message, error } = parsed(json);
  if (vulnerabilities === undefined)
    return {
      isFailed: false,
      message: `skipped, the registry gave no answer: ${message ?? error?.summary ?? 'none'}`,
    };
  const found = Object.values(vulnerabilities).filter(({ severity }) => SERIOUS.includes(severity));
  const lines = found.map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  return { isFailed: found.length > 0, message: lines.join('\n') || 'nothing of level high or above' };
}

function parsed(json) {
  try {
    return JSON.parse(json) ?? {};
  } catch {
    return { message: 'no JSON' };
  }
}
