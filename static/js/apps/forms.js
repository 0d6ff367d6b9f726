// Says which files were chosen, in the page's language: the browser's own words would be in the browser's.

for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('.file-field input[type="file"]'))) {
  const output = input.parentElement?.querySelector('output');
  input.addEventListener('change', () => {
    if (output) output.textContent = [...(input.files ?? [])].map((file) => file.name).join('、');
  });
}
