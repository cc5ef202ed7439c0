/** Ids of cases that options of a run's surroundings make of others. */

/** Under a memory limit of the worker's own, such as 512MiB. */
export const memoryLimited = (id: string, limit: string): string => `${id};memoryLimit=${limit}`;

/** Sampled while it runs, for the shares of a profile. */
export const profiled = (id: string): string => `${id};profile=on`;
