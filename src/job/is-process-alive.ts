/** Whether a process of this number runs on this machine; it may be another one than it was. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
