import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { choose } from '../address.js';

/** One of a few, all of them seen. options: [[value, text]] */
export function segmented(name, label, options, chosen) {
  return html`<fieldset class="plain"><legend>${label}</legend><div class="segmented">
    ${options.map(([value, text]) => html`<label><input type="radio" name=${name} value=${value} .checked=${live(value === chosen)} @change=${() => choose({ [name]: value })}><span>${text}</span></label>`)}
  </div></fieldset>`;
}

/** On or off; what is the default is left out of the address. */
export function check(name, text, on, byDefault = false) {
  const change = event => choose({ [name]: event.target.checked === byDefault ? '' : String(event.target.checked) });
  return html`<label class="check"><input type="checkbox" name=${name} .checked=${live(on)} @change=${change}>${text}</label>`;
}

/** A text whose choice is made when it is left, or with Enter. */
export function text(name, label, value, placeholder = '', more = {}) {
  return html`<label>${label}<input name=${name} .value=${value ?? ''} placeholder=${placeholder} size=${more.size ?? 12} autocomplete="off" spellcheck="false" @change=${event => choose({ [name]: event.target.value.trim(), page: '' })}></label>`;
}
