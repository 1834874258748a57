/** `--minutes 20 --resume --name=x` -> `{ minutes: 20, resume: true, name: 'x' }`. */
export function parseOptions(argv) {
  const options = {};
  for (let i = 0; i < argv.length; i++) {
    const match = /^--([^=]+)(?:=(.*))?$/.exec(argv[i]);
    if (!match) throw new Error(`parseOptions() needs --name value, got ${argv[i]}`);
    const [, name, inline] = match;
    const value = inline ?? (argv[i + 1]?.startsWith('--') === false ? argv[++i] : true);
    options[name] =
      typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
  }
  return options;
}
