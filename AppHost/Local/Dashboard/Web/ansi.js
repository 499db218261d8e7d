// Terminal control sequences in log lines: colours become classes, everything else is dropped.

const SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;

export const stripAnsi = text => (text.includes('\x1b') ? text.replace(SEQUENCE, '') : text);

/** @returns {{text: string, classes: string}[]} */
export function parseAnsi(text) {
  if (!text.includes('\x1b')) return [{ text, classes: '' }];
  const parts = [];
  let style = { colour: null, bold: false, dim: false };
  let from = 0;
  const push = to => {
    if (to <= from) return;
    const classes = [style.colour, style.bold && 'bold', style.dim && 'dim'].filter(Boolean).join(' ');
    parts.push({ text: text.slice(from, to), classes });
  };
  for (const match of text.matchAll(SEQUENCE)) {
    push(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = apply(style, match[1].split(';').map(Number));
  }
  push(text.length);
  return parts;
}

function apply(before, codes) {
  let style = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) style = { colour: null, bold: false, dim: false };
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code >= 30 && code <= 37) style.colour = `ansi-${code - 30}`;
    else if (code >= 90 && code <= 97) style.colour = `ansi-${code - 90}`;
    else if (code === 39) style.colour = null;
    else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4; // palettes that no theme here has
  }
  return style;
}
