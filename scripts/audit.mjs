// Fails where a dependency that users get has a known vulnerability of level high or above.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { auditVerdict } from './audit-verdict.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd, encoding: 'utf8' });
const { isFailed, message } = auditVerdict(stdout);
console.log(`audit: ${message}`);
process.exitCode = isFailed ? 1 : 0;
