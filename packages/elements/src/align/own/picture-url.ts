const urls = new WeakMap<Blob, string>();

/** An address for a picture of the preview, one for each; a handful live as long as the page. */
export function pictureUrl(picture: Blob): string {
  const known = urls.get(picture);
  if (known) return known;
  const url = URL.createObjectURL(picture);
  urls.set(picture, url);
  return url;
}
