// The secret half of a mailed link stands behind the '#', which no browser sends: it is put into its field, out of sight.
const field = document.getElementById("last_part");
const secret = window.location.hash.slice(1);

if (secret) {
  history.replaceState(null, "", window.location.pathname);
  field.value = secret;
}
if (field.value && !field.classList.contains("nhsuk-input--error")) {
  field.closest(".nhsuk-form-group").hidden = true;
}
