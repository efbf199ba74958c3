/** What a spider scrapes: any plain object. */
export type ItemRecord = Record<string, unknown>;
