import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";

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
      "max-params": ["error", 6],
    },
  },
);
