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
    languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
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
    // Pages show what strangers wrote: text nodes only, and no file that nobody can read in one go.
    files: ["admin/console/src/**", "channels/webchat/widget/src/**", "channels/simulator/page/src/**"],
    rules: {
      "max-lines": ["error", 400],
      "no-console": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "build nodes instead" }],
    },
  },
  {
    files: ["**/*.js", "**/*.mjs", "e2e/**"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
