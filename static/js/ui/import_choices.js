// What a planner should know before the next step: choices that were not applied yet, and fields without a column.

/** A choice counts once the file was read with it: until then the way on leads through reading it again. */
export function askForReading() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('reading'));
  const next = /** @type {HTMLAnchorElement | null} */ (document.getElementById('next-step'));
  if (!form || !next) return;
  const asked = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== 'csrfmiddlewaretoken'));
  const before = asked();
  const words = next.textContent ?? '';
  let isChanged = false;
  form.addEventListener('input', () => {
    isChanged = asked() !== before;
    next.textContent = isChanged ? next.dataset.again ?? '' : words;
  });
  next.addEventListener('click', (event) => {
    if (!isChanged) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** Names the fields that a new site must have and that no column is mapped to. */
export function tellLacking() {
  const told = document.getElementById('lacking');
  const list = document.getElementById('required-fields');
  if (!told || !list) return;
  /** @type {[string, string][]} */
  const required = JSON.parse(list.textContent ?? '[]');
  const choices = /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll('select[name=target]'));
  const tell = () => {
    const taken = new Set([...choices].map((choice) => choice.value));
    const names = required.filter(([target]) => !taken.has(target)).map(([, name]) => name).join('、');
    told.textContent = names ? `${told.dataset.words}${names}` : '';
    told.hidden = !names;
  };
  for (const choice of choices) choice.addEventListener('change', tell);
  tell();
}
