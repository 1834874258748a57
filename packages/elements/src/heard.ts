/** For tests: the next event of that name, with the type that the elements declare for it. */
export function heard<Name extends keyof HTMLElementEventMap>(
  element: HTMLElement,
  name: Name,
): Promise<HTMLElementEventMap[Name]> {
  return new Promise((resolve) => {
    element.addEventListener(name, resolve, { once: true });
  });
}
