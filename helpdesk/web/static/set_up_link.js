// The secret half of a set-up link stands behind the '#', which no browser sends: it is put into the form and sent.
const form = document.getElementById("link-form");
const secret = window.location.hash.slice(1);

if (secret) {
  history.replaceState(null, "", window.location.pathname);
  form.elements.last_part.value = secret;
  form.requestSubmit();
}
