/* Passkeys: fetches the question, lets the browser ask the device, sends the answer as a form. And a button to print. */
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const question = async (form) => {
    const reply = await fetch(form.dataset.passkey, {
      method: "POST", headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
    });
    // Sent elsewhere: the login is not fresh any more, or over.
    if (!reply.ok || reply.redirected) { location.reload(); throw new Error("asked again"); }
    const asked = await reply.json();
    return { ...asked, challenge: bytes(asked.challenge) };
  };

  const made = async (asked) => {
    const key = await navigator.credentials.create({ publicKey: {
      ...asked, user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: described(asked.excludeCredentials),
    } });
    return { key, response: {
      attestationObject: text(key.response.attestationObject),
      transports: key.response.getTransports ? key.response.getTransports() : [],
    } };
  };

  const shown = async (asked) => {
    const key = await navigator.credentials.get({ publicKey: { ...asked, allowCredentials: described(asked.allowCredentials) } });
    return { key, response: {
      authenticatorData: text(key.response.authenticatorData), signature: text(key.response.signature),
      userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
    } };
  };

  const answer = async (form) => {
    const asked = await question(form);
    const { key, response } = await (form.dataset.does === "make" ? made(asked) : shown(asked));
    form.elements.credential.value = JSON.stringify({
      id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {},
      response: { ...response, clientDataJSON: text(key.response.clientDataJSON) },
    });
    form.submit();
  };

  addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      if (!window.PublicKeyCredential) continue;
      form.hidden = false;
      form.parentElement.querySelector("[data-no-passkeys]")?.remove();
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const says = form.querySelector("[data-says]"), button = form.querySelector("button");
        says.textContent = "";
        button.disabled = true;
        try { await answer(form); } catch { says.textContent = says.dataset.says; button.disabled = false; }
      });
    }
    for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
  });
})();
