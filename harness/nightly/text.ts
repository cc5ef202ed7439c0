/** 0.032 → `3.2 %`. */
export const percentOf = (share: number): string => `${(share * 100).toFixed(1)} %`;
