/** How the process ends; part of the command line's contract. */
export const EXIT_CODES = {
  /** Done; for a crawl also when a limit of its settings ended it. */
  ok: 0,
  /** A crawl that a fault ended or that got nothing but errors; a page that could not be fetched; a job that another process has. */
  failed: 1,
  /** Wrong arguments, settings, inputs (seeds, archives), outputs, folders, components, project or spider file: nothing was crawled. */
  usage: 2,
  /** A condition of `--fail-on` was met: the crawl came to its end, but not well enough. */
  condition: 3,
  /** Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

/** The table as `--help` shows it. */
export const EXIT_CODES_HELP = `Exit codes:
  0    done; also when maxPages or another limit ended the crawl
  1    the crawl was ended by an error, maxErrors or memory, or got errors and nothing else
  2    wrong usage, settings, inputs, outputs, folders or spider file: nothing was crawled
  3    a condition of --fail-on was met
  130  interrupted by Ctrl-C or SIGTERM`;
