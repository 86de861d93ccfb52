import { EditorView } from "@codemirror/view";

/** Colours by the page's custom properties, which shadow roots inherit. */
export const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "transparent", fontSize: "14px", maxHeight: "40vh" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "28px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-matchingBracket": { backgroundColor: "var(--selection)", outline: "none" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
    color: "var(--text)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--selection)",
    color: "var(--text)",
  },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal", marginLeft: "1em" },
  ".cm-diagnostic": {
    borderLeft: "3px solid var(--line)",
    padding: "6px 10px",
    maxWidth: "60ch",
    fontFamily: "var(--sans)",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--danger) 1px",
    textUnderlineOffset: "4px",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warn) 1px",
    textUnderlineOffset: "4px",
  },
  ".cm-lintRange-info": {
    backgroundImage: "none",
    textDecoration: "underline dotted var(--accent) 1px",
    textUnderlineOffset: "4px",
  },
  ".cy-keyword, .cy-keywordLiteral, .cy-booleanLiteral": { color: "var(--cy-keyword)" },
  ".cy-label": { color: "var(--cy-label)" },
  ".cy-function, .cy-predicateFunction, .cy-procedure, .cy-namespace": { color: "var(--cy-function)" },
  ".cy-stringLiteral": { color: "var(--cy-string)" },
  ".cy-numberLiteral": { color: "var(--cy-number)" },
  ".cy-property": { color: "var(--cy-property)" },
  ".cy-paramDollar, .cy-paramValue": { color: "var(--cy-parameter)" },
  ".cy-comment": { color: "var(--muted)", fontStyle: "italic" },
});
