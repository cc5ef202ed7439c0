/** HTML by templates that escape whatever text is put into them. */

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | readonly Html[];

const SPECIAL = /[&<>"']/;

export function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
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
  let text = strings[0] ?? '';
  for (let index = 0; index < parts.length; index += 1) {
    text += partText(parts[index] ?? null) + (strings[index + 1] ?? '');
  }
  return new Html(text);
}

export const NOTHING = html``;

/** For a script of type application/json: no text in it can end the script. */
export function jsonHtml(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

/**
 * Content that the page's script puts in its place when it is asked for, and that is there at once without scripts. With them a browser takes it
 * for text until then, which costs next to nothing, however much it is.
 */
export function laterHtml(content: Html): Html {
  if (content.text.toLowerCase().includes('</noscript'))
    throw new Error('content for later holds the end of a noscript');
  return new Html(`<noscript>${content.text}</noscript>`);
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
}

export const textCells = (cells: readonly string[]): readonly Cell[] => cells.map((text) => ({ text }));

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

/** A table that scrolls within itself where the window is too narrow. A page may have a hundred thousand cells, so they are short. */
export function tableHtml({ caption, head, rows, named = 0, figures = [], sortable = false }: Table): Html {
  const mostly = figures.length * 2 > head.length;
  const kinds = head.map((_, column) => {
    if (figures.includes(column) === mostly) return '';
    return mostly ? ' class="words"' : ' class="figure"';
  });
  const headings = head.map((text, column) => `<th scope="col"${kinds[column] ?? ''}>${escaped(text)}</th>`);
  const cellText = ({ text, sort }: Cell, column: number): string => {
    const kind = column === named ? '' : (kinds[column] ?? '');
    const attributes = kind + (sort === undefined ? '' : ` data-sort="${escaped(String(sort))}"`);
    const inside = partText(text);
    return column === named ? `<th scope="row"${attributes}>${inside}</th>` : `<td${attributes}>${inside}</td>`;
  };
  const lines = rows.map(
    ({ cells, attributes }) => `<tr${partText(attributes ?? null)}>${cells.map(cellText).join('')}</tr>\n`,
  );
  const names = [...(sortable ? ['sortable n-last'] : []), ...(mostly ? ['figures'] : [])].join(' ');
  const body = new Html(lines.join(''));
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table class="${names}">
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${new Html(headings.join(''))}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
