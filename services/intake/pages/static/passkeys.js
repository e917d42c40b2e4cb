// A passkey is made, or asked for, by the browser; what it answers goes by the form, as all else. Where the browser offers
// none, the buttons stay hidden: the mail works everywhere.
"use strict";

const offered = () =>
  window.isSecureContext && "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

const options = async (address) => {
  const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).options;
};

const made = async (form) => {
  const found = await options(form.dataset.passkey);
  return form.dataset.makes
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(found) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(found) });
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!offered()) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    try {
      form.elements.credential.value = JSON.stringify((await made(form)).toJSON());
      form.submit();
    } catch {
      form.querySelector("[role=alert]").hidden = false;
    }
  });
}
