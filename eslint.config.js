import tseslint from 'typescript-eslint'
import hooks from 'eslint-plugin-react-hooks'

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'test-results/', 'coverage/'] },
  ...tseslint.configs.recommended,
  {
    // A rule is kept or changed here, never switched off beside the code.
    linterOptions: { noInlineConfig: true },
    rules: {
      eqeqeq: 'error',
      'no-empty': 'error',
      'no-var': 'error',
      'prefer-const': 'error'
    }
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  },
  { files: ['src-renderer/**/*.tsx', 'src-renderer/**/*.ts'], ...hooks.configs.flat.recommended },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['bin/**', 'scripts/**', 'testbed/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } }
)
