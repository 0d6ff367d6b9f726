// JSON from our own server.

/** @param {string} url @returns {Promise<any>} rejects for any answer but a good one */
export async function loadJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}
