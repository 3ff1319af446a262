import { defineConfig, globalIgnores } from 'eslint/config';
import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

/** Arrows go one way: src <- operators, providers <- pipelines <- examples. Folders named here are refused. */
const refuse = (...rules) => ({
  'no-restricted-imports': ['error', { patterns: rules.map(([regex, message]) => ({ regex, message })) }],
});
const folder = (...names) => [
  `^\\.\\.?/(.*/)?(${names.join('|')})(/|$)`,
  `this folder does not know ${names.join(', ')}`,
];
const builtins = [
  '^(node:|(assert|buffer|child_process|crypto|events|fs|http|https|net|os|path|process|stream|timers|url|util|worker_threads)(/|$))',
  'runs in a browser: no Node built-in here',
];
const itself = ['^rx-aloud(/|$)', 'inside the package, import by relative path'];

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'output', 'spec/bench', '**/*.d.ts']),
  {
    files: ['**/*.ts'],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      rxjsX.configs.strict,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'rxjs-x/finnish': 'off',
      'rxjs-x/no-exposed-subjects': 'error',
    },
  },
  {
    files: ['src/**'],
    rules: refuse(folder('operators', 'providers', 'pipelines', 'examples', 'spec'), builtins, itself),
  },
  {
    files: ['operators/**'],
    ignores: ['operators/node/**', 'operators/opentelemetry/**'],
    rules: refuse(
      folder('providers', 'pipelines', 'examples', 'spec', 'node', 'opentelemetry'),
      builtins,
      itself,
      ['^@opentelemetry/', 'operators/opentelemetry alone knows OpenTelemetry'],
    ),
  },
  {
    files: ['operators/opentelemetry/**'],
    rules: refuse(folder('providers', 'pipelines', 'examples', 'spec', 'node'), builtins, itself),
  },
  {
    files: ['operators/node/**'],
    rules: refuse(folder('providers', 'pipelines', 'examples', 'spec'), itself),
  },
  { files: ['providers/**'], rules: refuse(folder('operators', 'pipelines', 'examples', 'spec'), itself) },
  { files: ['pipelines/**'], rules: refuse(folder('examples', 'spec'), itself) },
  {
    files: ['examples/**'],
    rules: {
      ...refuse([
        '^(\\.\\./)+(src|operators|providers|pipelines|spec|dist)/',
        'import rx-aloud/… as a user would',
      ]),
      'rxjs-x/no-ignored-default-value': 'off',
    },
  },
  {
    files: ['spec/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-ignored-subscription': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
    },
  },
);
