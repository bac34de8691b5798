import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";

/** What PatternFly says by itself is English: those who use these say it in both languages. */
const SAID_IN_ENGLISH = {
  name: "@patternfly/react-core",
  importNames: ["Alert", "AlertActionCloseButton", "HelperTextItem", "Modal", "ModalHeader", "SearchInput", "Spinner", "Tabs"],
  message: "Take it from @/patternfly.",
};

export default defineConfig(
  { ignores: ["src/generated/**", "node_modules/**"] },
  ts.configs.recommended,
  {
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-unused-vars": "off", // tsc says it
      "@typescript-eslint/no-non-null-assertion": "off",
      "max-lines": ["error", 400],
      "no-restricted-imports": ["error", { paths: [SAID_IN_ENGLISH] }],
      "max-params": ["error", 6],
    },
  },
  { files: ["src/patternfly/**"], rules: { "no-restricted-imports": "off" } },
);
