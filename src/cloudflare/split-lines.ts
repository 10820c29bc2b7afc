/** Cuts a body that comes in chunks into lines, without copying those that lie in one chunk. */
export interface LineSplitter {
  /** Calls `take` for each line that ends in the chunk, without its line end; never for a line of white space only. */
  readonly push: (chunk: Buffer, take: (line: Buffer) => void) => void;
  /** What came after the last line end; empty where that is white space only. */
  readonly rest: () => Buffer;
  /** Bytes held of a line that is not yet complete. */
  readonly heldBytes: () => number;
}

const LINE_FEED = 0x0a;

/** Opens a splitter for one body. */
export function openLineSplitter(): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const release = (tail: Buffer): Buffer => {
    const line = held.length === 0 ? tail : Buffer.concat([...held, tail]);
    held = [];
    heldBytes = 0;
    return trim(line);
  };
  return {
    push: (chunk, take) => {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        const line = release(chunk.subarray(start, end));
        if (line.length > 0) take(line);
        start = end + 1;
      }
      if (start === chunk.length) return;
      held.push(chunk.subarray(start));
      heldBytes += chunk.length - start;
    },
    rest: () => release(Buffer.alloc(0)),
    heldBytes: () => heldBytes,
  };
}

function trim(line: Buffer): Buffer {
  let start = 0;
  let end = line.length;
  while (end > start && isSpace(line[end - 1] as number)) end -= 1;
  while (start < end && isSpace(line[start] as number)) start += 1;
  return end - start === line.length ? line : line.subarray(start, end);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09 || byte === LINE_FEED;
}
