// Takes the clearest secrets out of what is typed before it leaves the browser. The service looks again, and further:
// this only spares the network what it need not carry, so each rule here is short and stands alone.
const CODE = /\b(?:codes?|otp|totp|passcodes?|2fa|mfa|token|authenticator|verification)\b/i;
const OTHER =
  /(?:\b(?:error|store|shop|branch|order|invoice|batch|version|sort|area|dialling|pip|product|post|snomed|staff|employee|account|reference|ref|gphc)\b(?:[ :#-]{1,3}(?:code|number|no|is)\b){0,3}[ :#-]{0,3}|[£/])$/i;
const SENTENCE_END = /[[\]!?]|\.(?: |$)/;
const NEAR = 40;

const digitsOf = (text) => [...text].filter((sign) => sign >= "0" && sign <= "9").map(Number);

function isNhsNumber(text) {
  const digits = digitsOf(text);
  const total = digits.slice(0, 9).reduce((sum, digit, at) => sum + digit * (10 - at), 0);
  return digits[0] !== 0 && (11 - (total % 11)) % 11 === digits[9];
}

function isCardNumber(text) {
  const digits = digitsOf(text).reverse();
  const total = digits.reduce((sum, digit, at) => sum + (at % 2 ? 2 * digit - (digit > 4 ? 9 : 0) : digit), 0);
  return total % 10 === 0;
}

function isCode(_found, at, whole, length) {
  const before = whole.slice(Math.max(0, at - NEAR), at).split(SENTENCE_END).at(-1);
  const after = whole.slice(at + length, at + length + NEAR).split(SENTENCE_END)[0];
  return !OTHER.test(before) && (CODE.test(before) || CODE.test(after));
}

// A number begins and ends with itself: what goes on before or after is a longer one, such as a phone number.
const RULES = [
  [/otpauth(?:-migration)?(?::|%3a)\S{0,2000}/gi, "[set-up link removed]", () => true],
  [
    /(?<![a-z0-9-])[a-z0-9]{3}(?: ?- ?[a-z0-9]{3}){4}(?![a-z0-9-])/gi,
    "[activation code removed]",
    (found) => /[a-z]/i.test(found) && /\d/.test(found),
  ],
  [/(?<![\w@]|\d[ -])(?:4\d{3}|5\d{3}|2[2-7]\d\d|6\d{3})([ -]?)\d{4}\1\d{4}\1\d{4}(?![\w@]|[ -]\d)/g, "[card number removed]", isCardNumber],
  [/(?<![\w@+]|\d[ -])\d{3}([ -]?)\d{3}\1\d{4}(?![\w@]|[ -]\d)/g, "[NHS number removed]", isNhsNumber],
  [/(?<![\w@]|\d[ -])\d{3}[ -]?\d{3}(?![\w@]|[ -]\d)/g, "[security code removed]", isCode],
];

export function withoutSecrets(text) {
  return RULES.reduce(
    (kept, [pattern, marker, isMeant]) =>
      kept.replace(pattern, (found, ...rest) => {
        const [at, whole] = rest.slice(-2);
        return isMeant(found, at, whole, found.length) ? marker : found;
      }),
    text,
  );
}

// On the way down, so that the chat's own script sends what is left.
document.addEventListener(
  "submit",
  (event) => {
    for (const box of event.target.querySelectorAll("textarea")) {
      const kept = withoutSecrets(box.value);
      if (kept !== box.value) box.value = kept;
    }
  },
  true,
);
