/** Ids of cases that options of a run's surroundings make of others. */

/** Under a memory limit of the worker's own, bytes. */
export const memoryLimited = (id: string, bytes: number): string => `${id};memoryLimit=${bytes}`;

/** Sampled while it runs, for the shares of a profile. */
export const profiled = (id: string): string => `${id};profile=on`;
