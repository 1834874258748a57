/** Bytes of base64, as golden files keep them. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The text as UTF-16 with a byte order mark. */
export function utf16(text: string, littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  [...`\ufeff${text}`].forEach((unit, i) => view.setUint16(2 * i, unit.charCodeAt(0), littleEndian));
  return bytes;
}
