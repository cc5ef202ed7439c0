/** HTML by templates that escape whatever text is put into them. */

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | readonly Html[];

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function partText(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return typeof part === 'number' ? String(part) : escaped(part);
}

/** `html\`<p>${text}</p>\``: text is escaped, Html stays as it is, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + partText(parts[index] ?? null)).join(''));
}

export const NOTHING = html``;

/** For a script of type application/json: no text in it can end the script. */
export function jsonHtml(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

/** A case's id, which may be broken where its parts meet. */
export function idHtml(id: string): Html {
  const parts = id.split('/').map((part) => part.split(';').map(escaped).join(';<wbr>'));
  return new Html(`<span class="id">${parts.join('/<wbr>')}</span>`);
}

/** A cell of a table: its text, and what it is sorted by where that is another. */
export interface Cell {
  readonly text: string | Html;
  readonly sort?: number | string;
  /** Set to the right, in figures of one width. */
  readonly figure?: boolean;
}

export const textCells = (cells: readonly string[]): readonly Cell[] => cells.map((text) => ({ text }));

function cellHtml({ text, sort, figure = false }: Cell, row: boolean): Html {
  const attributes = html`${figure ? html` class="figure"` : null}${sort === undefined ? null : html` data-sort="${sort}"`}`;
  return row ? html`<th scope="row" ${attributes}>${text}</th>` : html`<td${attributes}>${text}</td>`;
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly cells: readonly Cell[]; readonly attributes?: Html }[];
  /** The column that names the row; 0 where nothing is said. */
  readonly named?: number;
  /** Columns of figures, which are set to the right. */
  readonly figures?: readonly number[];
  readonly sortable?: boolean;
}

/** A table that scrolls within itself where the window is too narrow. */
export function tableHtml({ caption, head, rows, named = 0, figures = [], sortable = false }: Table): Html {
  const headings = head.map(
    (text, column) => html`<th scope="col" ${figures.includes(column) ? html` class="figure"` : null}>${text}</th>`,
  );
  const lines = rows.map(({ cells, attributes }) => {
    const own = cells.map((cell, column) =>
      cellHtml({ ...cell, figure: cell.figure ?? figures.includes(column) }, column === named),
    );
    return html`<tr${attributes ?? null}>${own}</tr>\n`;
  });
  const kind = sortable ? html` class="sortable n-last"` : null;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table${kind}><caption><span>${caption}</span></caption><thead><tr>${headings}</tr></thead><tbody>
${lines}</tbody></table></div>\n`;
}
