// What must be undone however the script ends: children, mounts, folders.
const duties = new Set();

/** Keeps `undo` for a sudden end; gives a function that does it now, once. */
export function onExit(undo) {
  duties.add(undo);
  return () => {
    if (duties.delete(undo)) undo();
  };
}

/** Does all that is left, latest first. Synchronous, so that it works in an exit handler too. */
export function cleanUp() {
  for (const undo of [...duties].reverse()) {
    duties.delete(undo);
    try {
      undo();
    } catch (error) {
      process.stderr.write(`torture: clean-up: ${error.message}\n`);
    }
  }
}

/** Cleans up on signals and at exit. */
export function cleanUpAtEnd() {
  process.on('exit', cleanUp);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      cleanUp();
      process.exit(130);
    });
  }
}
