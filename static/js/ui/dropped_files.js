// Files and folders dropped onto an element.

/**
 * @param {HTMLElement} element @param {(files: File[]) => void} take
 */
export function acceptDrops(element, take) {
  for (const kind of ['dragenter', 'dragover']) {
    element.addEventListener(kind, (event) => {
      event.preventDefault();
      element.classList.add('is-over');
    });
  }
  element.addEventListener('dragleave', () => element.classList.remove('is-over'));
  element.addEventListener('drop', async (event) => {
    event.preventDefault();
    element.classList.remove('is-over');
    // The entries are gone after the first await: all are taken before.
    const items = [...(event.dataTransfer?.items ?? [])];
    const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const found = await Promise.all(entries.map(filesOf));
    take(found.flat());
  });
}

/** The files of an entry; of a folder those directly inside. @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function filesOf(entry) {
  if (entry.isFile) return [await fileOf(/** @type {FileSystemFileEntry} */ (entry))];
  const inside = await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry).createReader());
  const files = inside.filter((one) => one.isFile);
  return Promise.all(files.map((one) => fileOf(/** @type {FileSystemFileEntry} */ (one))));
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
function fileOf(entry) {
  return new Promise((done, failed) => { entry.file(done, failed); });
}

/** A reader gives a hundred entries at a time. @param {FileSystemDirectoryReader} reader @returns {Promise<FileSystemEntry[]>} */
async function entriesOf(reader) {
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, failed) => { reader.readEntries(done, failed); });
    if (!some.length) return all;
    all.push(...some);
  }
}
