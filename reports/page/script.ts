/** The page's own scripts. Each function goes into the page as it is compiled, and refers to nothing but the others and the browser. */

import type { Chart as ChartClass, ChartConfiguration, Plugin } from 'chart.js';
import type { painted as paintedType, setDefaults as defaultsType } from '../charts/paint.js';

/** There where there are data. */
declare const Chart: typeof ChartClass;
declare const painted: typeof paintedType;
declare const setDefaults: typeof defaultsType;
declare const marksPlugin: () => Plugin;

export interface Drawer {
  /** Draws again what was drawn, in the colours of now. */
  redraw(): void;
  /** Draws all that was not drawn yet. */
  drawAll(): void;
}

/** Draws each chart when it comes near the window. */
export function chartDrawer(): Drawer {
  const data = document.getElementById('chart-data');
  if (data === null) return { redraw: () => undefined, drawAll: () => undefined };
  const Drawing = Chart;
  Drawing.register(marksPlugin());
  const waiting = new Map<Element, ChartConfiguration>();
  const drawn = new Map<Element, { config: ChartConfiguration; chart: ChartClass }>();
  const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const draw = (canvas: Element, config: ChartConfiguration): void => {
    waiting.delete(canvas);
    drawn.get(canvas)?.chart.destroy();
    drawn.set(canvas, { config, chart: new Drawing(canvas as HTMLCanvasElement, painted(config, colour)) });
  };
  const settings = (): void => {
    setDefaults(Drawing.defaults, colour, getComputedStyle(document.body).fontFamily);
  };
  settings();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const config = waiting.get(target);
        if (isIntersecting && config !== undefined) draw(target, config);
      }
    },
    { rootMargin: '400px' },
  );
  for (const { id, config } of JSON.parse(data.textContent) as { id: string; config: ChartConfiguration }[]) {
    const canvas = document.getElementById(id);
    if (canvas === null) continue;
    waiting.set(canvas, config);
    observer.observe(canvas);
  }
  return {
    redraw() {
      settings();
      for (const [canvas, { config }] of [...drawn]) draw(canvas, config);
    },
    drawAll() {
      for (const [canvas, config] of [...waiting]) draw(canvas, config);
    },
  };
}

/** Hides cases that are not asked for, in all tables of the part, and says how many are left. */
export function filterCases(part: Element): void {
  const fields = [...part.querySelectorAll<HTMLInputElement>('[data-filter]')];
  const count = part.querySelector('[data-count]');
  const form = part.querySelector('form');
  const [first = [], ...others] = [...part.querySelectorAll('table')].map(({ tBodies }) =>
    [...tBodies].flatMap(({ rows }) => [...rows]),
  );
  // Before anything is sorted, a case has the same place in each table.
  const cases = first.map((row, index) => [row, ...others.flatMap((rows) => rows[index] ?? [])]);
  let texts: readonly string[] | null = null;
  const apply = (): void => {
    const asked = fields
      .map(({ dataset, value }) => ({ key: dataset['filter'] ?? '', value }))
      .filter(({ value }) => value !== '');
    texts ??= cases.map((rows) => rows.map(({ textContent }) => textContent.toLowerCase()).join(' '));
    let shown = 0;
    for (const [index, rows] of cases.entries()) {
      const text = texts[index] ?? '';
      const wanted = asked.every(({ key, value }) =>
        key === 'text' ? text.includes(value.toLowerCase().trim()) : rows[0]?.dataset[key] === value,
      );
      for (const row of rows) row.hidden = !wanted;
      if (wanted) shown += 1;
    }
    const number = (value: number): string => value.toLocaleString('en-US');
    if (count !== null) count.textContent = `${number(shown)} of ${number(cases.length)} cases`;
  };
  form?.addEventListener('input', apply);
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  // The fields are reset after their form's listeners.
  form?.addEventListener('reset', () => setTimeout(apply));
}

/** On paper everything is shown, and drawn in the colours of paper. */
export function openForPrint(drawer: Drawer): void {
  const root = document.documentElement;
  let closed: HTMLDetailsElement[] = [];
  let printing = false;
  let theme: string | undefined;
  const before = (): void => {
    if (printing) return;
    printing = true;
    theme = root.dataset['theme'];
    root.dataset['theme'] = 'light';
    closed = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')].filter(
      (details) => details.closest('figure') === null,
    );
    for (const details of closed) details.open = true;
    drawer.redraw();
    drawer.drawAll();
  };
  const after = (): void => {
    if (!printing) return;
    printing = false;
    if (theme === undefined) delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    for (const details of closed) details.open = false;
    drawer.redraw();
  };
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  matchMedia('print').addEventListener('change', ({ matches }) => {
    if (matches) before();
    else after();
  });
}

/** Puts content that was kept for later in its place when its part is opened. */
export function showLater(details: HTMLDetailsElement): void {
  details.addEventListener('toggle', () => {
    const content = details.querySelector(':scope > noscript');
    if (!details.open || content === null) return;
    content.insertAdjacentHTML('afterend', content.textContent);
    content.remove();
  });
}

/** Light or dark: the system's, until somebody says otherwise. */
export function themeButton(button: HTMLElement, drawer: Drawer): void {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dark = (): boolean => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = (): void => {
    button.textContent = dark() ? 'Light colours' : 'Dark colours';
    drawer.redraw();
  };
  button.addEventListener('click', () => {
    root.dataset['theme'] = dark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
}

export function start(): void {
  const drawer = chartDrawer();
  for (const part of document.querySelectorAll('[data-cases]')) filterCases(part);
  for (const part of document.querySelectorAll<HTMLDetailsElement>('details[data-later]')) showLater(part);
  const button = document.querySelector<HTMLElement>('[data-theme-button]');
  if (button !== null) themeButton(button, drawer);
  openForPrint(drawer);
}
