import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import typescript from 'typescript-eslint';

/** What the house asks beyond the recommended sets. */
const house = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Name what you export: importers then all call it the same.' },
  ],
};

export default typescript.config(
  { ignores: ['**/node_modules/', 'dist/', '.cache/', 'stubs/', '**/*.d.ts', 'packages/starter/models/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [
      js.configs.recommended,
      typescript.configs.recommendedTypeChecked,
      lit.configs['flat/recommended'],
      wc.configs['flat/recommended'],
      litA11y.configs.recommended,
    ],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './tsconfig.model.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...house,
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function without await is how an interface's Promise is kept by a synchronous part.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Objects here are closures over their state far more often than classes: their methods may be passed about.
      '@typescript-eslint/unbound-method': 'off',
      // `reject(signal.reason)`: the reason is the caller's, and may be anything.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    // chai's assertions are expressions, and its `equal()` is typed as a promise for the sake of snapshots.
    files: ['**/*.test.ts', 'test/contracts/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: 'Equal', package: 'chai' }] },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [js.configs.recommended],
    // Functions in these files run in Node, others inside a page: no one list of globals fits.
    rules: { eqeqeq: house.eqeqeq, 'no-undef': 'off', 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
);
