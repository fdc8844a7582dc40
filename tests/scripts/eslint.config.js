// Run at the top of the checkout: what is linted lies outside of this folder.
import js from "@eslint/js";

// What reaches beyond a module that only computes.
const OUTSIDE = ["document", "window", "location", "history", "L", "getComputedStyle", "matchMedia"];

export default [
  js.configs.recommended,
  {
    files: ["maps/assets/scripts/**/*.js", "tests/scripts/*.js"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-implicit-coercion": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "no-undef": "off", // the types know which names there are
      "prefer-const": "error",
      "no-restricted-properties": ["error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "text never becomes markup" }))],
    },
  },
  { files: ["maps/assets/scripts/pure/*.js"], rules: { "no-restricted-globals": ["error", ...OUTSIDE] } },
];
