import tseslint from 'typescript-eslint'
import hooks from 'eslint-plugin-react-hooks'

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'test-results/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  },
  { files: ['src-renderer/**/*.tsx', 'src-renderer/**/*.ts'], ...hooks.configs.flat.recommended },
  { files: ['bin/**', 'scripts/**', 'testbed/**', 'bench/**', 'e2e/**', 'src-main/cli/**'], rules: { 'no-console': 'off' } }
)
