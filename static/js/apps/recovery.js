// Recovery codes on paper, or on the clipboard where the browser lets a page have it.

const printing = document.getElementById('print');
const copy = document.getElementById('copy');
const copied = document.getElementById('copied');

if (printing) {
  printing.hidden = false;
  printing.addEventListener('click', () => window.print());
}
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    const codes = [...document.querySelectorAll('#codes code')].map((code) => code.textContent);
    await navigator.clipboard.writeText(codes.join('\n'));
    if (copied) copied.hidden = false;
  });
}
