const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** One row of a table in Markdown. */
export const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
