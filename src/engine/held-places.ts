import type { DownloadFacts, HostPass, Lease, Scheduler } from '../contracts/scheduler.ts';
import type { DownloadGate } from './download-gate.ts';

/** The places that one attempt holds: at its host, and among all downloads. */
export class HeldPlaces {
  readonly host: string;
  readonly gate: DownloadGate;
  readonly #scheduler: Pick<Scheduler, 'enter' | 'downloaded'>;
  #place: Lease | HostPass | undefined;

  /** Both places were taken before. */
  constructor(
    scheduler: Pick<Scheduler, 'enter' | 'downloaded'>,
    gate: DownloadGate,
    host: string,
    place: Lease | HostPass,
  ) {
    this.#scheduler = scheduler;
    this.gate = gate;
    this.host = host;
    this.#place = place;
  }

  get areLeft(): boolean {
    return this.#place === undefined;
  }

  /** Gives both back, if they are held. `facts`: what came of the download; undefined: there was none. */
  leave(facts: DownloadFacts | undefined): void {
    const place = this.#place;
    if (place === undefined) return;
    this.#place = undefined;
    this.gate.leave();
    this.#scheduler.downloaded(place, facts);
  }

  /** Both were taken again. */
  takeAgain(place: HostPass): void {
    this.#place = place;
  }
}
