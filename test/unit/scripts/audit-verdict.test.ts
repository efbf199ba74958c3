import { expect, it } from 'vitest';

const { auditVerdict } = (await import(
  new URL('../../../scripts/audit-verdict.mjs', import.meta.url).href
)) as { auditVerdict: (json: string) => { isFailed: boolean; message: string } };

const report = (severity: string): string =>
  JSON.stringify({ vulnerabilities: { undici: { name: 'undici', severity, range: '<7.24' } } });

it('fails on findings of level high and above', () => {
  expect(auditVerdict(report('high'))).toEqual({ isFailed: true, message: 'undici <7.24: high' });
  expect(auditVerdict(report('critical')).isFailed).toBe(true);
  expect(auditVerdict(report('moderate')).isFailed).toBe(false);
  expect(auditVerdict('{"vulnerabilities": {}}').isFailed).toBe(false);
});

it.each([
  ['{"message": "405 Method Not Allowed", "error": {}}', '405 Method Not Allowed'],
  ['{"error": {"summary": "network"}}', 'network'],
  ['', 'no JSON'],
])('fails nothing where the registry gives no answer, and says so: %s', (json, reason) => {
  const { isFailed, message } = auditVerdict(json);
  expect(isFailed).toBe(false);
  expect(message).toContain(`skipped, the registry gave no answer: ${reason}`);
});
