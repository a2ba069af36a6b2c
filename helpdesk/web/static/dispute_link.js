// The secret half of the link stands behind the '#', which no browser sends: it is put into the form. A person sends it.
const form = document.getElementById("dispute-form");
const secret = window.location.hash.slice(1);

if (secret) {
  history.replaceState(null, "", window.location.pathname);
  form.elements.last_part.value = secret;
}
