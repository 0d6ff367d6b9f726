// Passkeys between JSON, as the server speaks it, and the buffers that the browser wants (WebAuthn Level 3, §5.1.8).
// Browsers can do this themselves since 2024 or 2025; tablets in the field are older.

/** @param {string} text base64url without padding */
export function toBytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
export function toText(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {{id: string}[] | undefined} list */
function descriptors(list) {
  return (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
}

/** @param {any} json @returns {PublicKeyCredentialCreationOptions} */
export function creationOptions(json) {
  return {
    ...json,
    challenge: toBytes(json.challenge),
    user: { ...json.user, id: toBytes(json.user.id) },
    excludeCredentials: descriptors(json.excludeCredentials),
  };
}

/** @param {any} json @returns {PublicKeyCredentialRequestOptions} */
export function requestOptions(json) {
  return { ...json, challenge: toBytes(json.challenge), allowCredentials: descriptors(json.allowCredentials) };
}

/** @param {PublicKeyCredential} credential */
export function credentialJSON(credential) {
  /** @type {Record<string, any>} */
  const response = {};
  const given = /** @type {any} */ (credential.response);
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (given[name]) response[name] = toText(given[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
