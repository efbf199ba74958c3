/** What a frontier counted when its last batch was written. */
export interface FrontierState {
  readonly delivered: number;
  readonly dead: number;
  readonly lastId: number;
  readonly lastSequence: number;
  /** Records in queues, leases included. */
  readonly queued: number;
  readonly delayed: number;
  /** Sum, modulo 2^32, of the sequences of queued and the ids of delayed and dead requests. */
  readonly sum: number;
  readonly known: number;
  readonly chunks: number;
  /** The process that wrote it closed the job in order. */
  readonly isClosed: boolean;
}

/** What the image of the duplicate filter holds. */
export interface ImageState {
  /** Records of fingerprints that it holds all of. */
  readonly chunks: number;
}

/** File of the duplicate filter's image in the folder of a job. */
export const SEEN_IMAGE = 'seen.image';

/** A job that was never run has no counters yet. */
export const NEW_FRONTIER: FrontierState = {
  delivered: 0,
  dead: 0,
  lastId: 0,
  lastSequence: 0,
  queued: 0,
  delayed: 0,
  sum: 0,
  known: 0,
  chunks: 0,
  isClosed: true,
};
