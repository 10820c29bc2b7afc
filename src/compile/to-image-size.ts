import { DefinitionError } from '../errors.ts';

/** Offset of width and height, as big-endian 32-bit numbers, in a PNG file. */
const PNG_WIDTH = 16;
const PNG_HEIGHT = 20;

/**
 * Width and height of a picture, as the package manifest wants them: `32x32`.
 * @throws DefinitionError for a picture that does not say its size
 */
export function toImageSize(name: string, content: string | Uint8Array): string {
  const bytes = Buffer.from(content);
  if (name.endsWith('.png')) {
    return `${bytes.readUInt32BE(PNG_WIDTH)}x${bytes.readUInt32BE(PNG_HEIGHT)}`;
  }
  const head = /<svg[^>]*>/.exec(bytes.toString('utf8'))?.[0] ?? '';
  const [width, height] = ['width', 'height'].map((side) => new RegExp(`\\s${side}="(\\d+)`).exec(head)?.[1]);
  if (width === undefined || height === undefined) {
    const hint = 'Write width and height, in pixels, into the svg element.';
    throw new DefinitionError([{ file: `img/${name}`, path: '', message: 'the picture does not say its width and height', hint }]);
  }
  return `${width}x${height}`;
}
