import type { FileMetaData } from 'hyparquet';
import type { Finding } from '../types.js';
import { extentOf, type Extent } from './chunk-extent.js';
import { finding } from './finding.js';

interface Chunk extends Extent {
  readonly name: string;
}

/** Those that have pages. */
function chunksOf(metadata: FileMetaData): readonly Chunk[] {
  return metadata.row_groups.flatMap((group, index) =>
    group.columns.flatMap((column, position) => {
      const extent = extentOf(column);
      const name = `row group ${index}, column ${column.meta_data?.path_in_schema.join('.') ?? position}`;
      return extent === null ? [] : [{ name, ...extent }];
    }),
  );
}

/** The column chunks must lie between the first magic and the footer, one for each column, none over another. */
export function layoutFindings(metadata: FileMetaData, footerStart: number): readonly Finding[] {
  const findings: Finding[] = [];
  const columns = metadata.schema.filter((element) => element.type !== undefined).length;
  const uneven = metadata.row_groups.findIndex((group) => group.columns.length !== columns);
  if (uneven >= 0) {
    const found = metadata.row_groups[uneven]?.columns.length ?? 0;
    findings.push(finding('F', `column chunks of row group ${uneven}`, columns, found));
  }
  const chunks = chunksOf(metadata);
  const outside = chunks.find(({ start, end }) => start < 4 || end < start || end > footerStart);
  if (outside !== undefined) {
    const where = `bytes ${outside.start} to ${outside.end}`;
    findings.push(finding('F', `place of ${outside.name}`, `within bytes 4 to ${footerStart}`, where));
  }
  const sorted = chunks.filter(({ start, end }) => end > start).sort((one, other) => one.start - other.start);
  const over = sorted.findIndex((chunk, index) => index > 0 && chunk.start < (sorted[index - 1]?.end ?? 0));
  if (over > 0) {
    const [before, after] = [sorted[over - 1], sorted[over]];
    const actual = `byte ${after?.start ?? 0}, inside ${before?.name ?? ''}`;
    findings.push(finding('F', `start of ${after?.name ?? ''}`, `byte ${before?.end ?? 0} or later`, actual));
  }
  return findings;
}
