import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import vue from "eslint-plugin-vue";
import globals from "globals";
import ts from "typescript-eslint";

// Formatting belongs to .editorconfig; the rules here look for mistakes only.
export default defineConfig(
  { ignores: ["**/dist/", "**/node_modules/", "bin/", "tmp/", "data/", "**/*.gen.ts"] },
  js.configs.recommended,
  ts.configs.recommended,
  vue.configs["flat/essential"],
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always"],
      "no-eval": "error",
      "no-implied-eval": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.vue"],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    // vue-tsc and tsc know every name; eslint does not.
    rules: { "no-undef": "off", "vue/no-v-html": "error", "vue/multi-word-component-names": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs", "e2e/**"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
