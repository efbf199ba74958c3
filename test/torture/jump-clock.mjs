// Preloaded into a crawl (`node --import`): the wall clock jumps once, by JUMP_MS after JUMP_AFTER_MS. The
// monotonic clock (performance.now, timers) goes on as before.
const jumpMs = Number(process.env.JUMP_MS ?? 0);
const afterMs = Number(process.env.JUMP_AFTER_MS ?? 0);
const RealDate = Date;
const startMs = performance.now();
const now = () => RealDate.now() + (performance.now() - startMs >= afterMs ? jumpMs : 0);

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }

  static now() {
    return now();
  }
};
